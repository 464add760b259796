#!/usr/bin/env bash
# Pack "Guard Dog.app" as a disk image; with an identity, sign it and have Apple check it. Not run yet: see ../README.md.
#     packaging/macos/make_image.sh
#     packaging/macos/make_image.sh "Developer ID Application: NAME (TEAM)" KEYCHAIN_PROFILE
# Without an identity the bundle keeps the ad hoc signature of PyInstaller: each user has to allow it in the system
# settings, under "Privacy & Security". The profile is made once with `xcrun notarytool store-credentials`. The identity
# must stay the same for all versions: the keychain gives the AppSecrets to the signature that has stored them, and asks
# the user for any other one.
set -euo pipefail
identity=${1:-} profile=${2:-}
notarise() { xcrun notarytool submit "$1" --keychain-profile "$profile" ${KEYCHAIN:+--keychain "$KEYCHAIN"} --wait; }
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
app="build/package/Guard Dog.app"
version=$(python3 -c 'from guarddog_gui import __version__; print(__version__)')
image="build/package/guarddog-$version-macos-$(uname -m).dmg"

sign() { codesign --force --timestamp --options runtime --sign "$identity" "$@"; }

make_image() {
  # the second entry is where the user drags the first one to
  local folder
  folder=$(mktemp -d)
  cp -a "$app" "$folder/"
  ln -s /Applications "$folder/Applications"
  rm -f "$image"
  hdiutil create -volname "Guard Dog" -srcfolder "$folder" -format ULFO "$image"
  rm -rf "$folder"
}

if [ -z "$identity" ]; then
  codesign --verify --deep --strict --verbose=2 "$app"
  make_image
  exit
fi

# from the inside to the outside: a signature covers what it contains
find "$app/Contents/Frameworks" -type f \( -name '*.dylib' -o -name '*.so' -o -perm +111 \) -print0 |
  while IFS= read -r -d '' file; do sign "$file"; done
find "$app/Contents/Frameworks" -type d -name '*.framework' -print0 |
  while IFS= read -r -d '' folder; do sign "$folder"; done
for program in "$app/Contents/MacOS/"* "$app"; do
  sign --entitlements packaging/macos/entitlements.plist "$program"
done
codesign --verify --deep --strict --verbose=2 "$app"

# the app is checked and stapled before it is packed, so that it also starts where there is no network
archive=$(mktemp -d)/guarddog.zip
ditto -c -k --keepParent "$app" "$archive"
notarise "$archive"
xcrun stapler staple "$app"
make_image
codesign --force --timestamp --sign "$identity" "$image"
notarise "$image"
xcrun stapler staple "$image"
spctl --assess --type open --context context:primary-signature --verbose=2 "$image"
