#!/usr/bin/env bash
# Sign "Guard Dog.app", have Apple check it, and pack it as a disk image. Not run yet: see ../README.md.
#     packaging/macos/sign_and_notarise.sh "Developer ID Application: NAME (TEAM)" KEYCHAIN_PROFILE
# The profile is made once with `xcrun notarytool store-credentials`. The identity must stay the same for all versions:
# the keychain gives the AppSecrets to the signature that has stored them, and asks the user for any other one.
set -euo pipefail
identity=$1 profile=$2
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
app="build/package/Guard Dog.app"
version=$(python3 -c 'from guarddog_gui import __version__; print(__version__)')
image="build/package/guarddog-$version-macos-$(uname -m).dmg"

# from the inside to the outside: a signature covers what it contains
find "$app/Contents/Frameworks" -type f \( -name '*.dylib' -o -name '*.so' -o -perm +111 \) -print0 |
  xargs -0 codesign --force --timestamp --options runtime --sign "$identity"
find "$app/Contents/Frameworks" -type d -name '*.framework' -print0 |
  xargs -0 codesign --force --timestamp --options runtime --sign "$identity"
codesign --force --timestamp --options runtime --entitlements packaging/macos/entitlements.plist --sign "$identity" \
  "$app/Contents/MacOS/"* "$app"
codesign --verify --deep --strict --verbose=2 "$app"

rm -f "$image"
hdiutil create -volname "Guard Dog" -srcfolder "$app" -format ULFO "$image"
codesign --force --timestamp --sign "$identity" "$image"
xcrun notarytool submit "$image" --keychain-profile "$profile" --wait
xcrun stapler staple "$app"
xcrun stapler staple "$image"
spctl --assess --type open --context context:primary-signature --verbose=2 "$image"
