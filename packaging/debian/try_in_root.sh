#!/bin/sh
# Steps of try_deb.py inside a clean Debian: install, self-test, a panel, upgrade, removal. Ends at the first failure.
# Arguments: the .deb, a newer .deb of the same program, a display number. Writes beside the .deb.
set -eu
deb=$1 newer=$2 display=$3
work=$(dirname "$deb")
app=io.github.guarddog.GuardDog
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
step() { echo "== $*"; }
fail() { echo "FAILED: $*"; exit 1; }
as_user() { runuser -u tester -- env HOME=/home/tester XDG_RUNTIME_DIR=/run/tester "$@"; }

apt-get -qq update
step "install the .deb alone"
apt-get -qq install --no-install-recommends "$deb" >$work/install.log 2>&1 || { tail $work/install.log; fail "install"; }
command -v python3 >/dev/null && fail "this system has Python, so the test proves nothing"
guarddogctl --version
guarddogctl errcode 40164 | head -n 1
useradd --create-home tester
install -d -o tester -m 700 /run/tester
as_user guarddog-gui --self-test

step "validate what the desktop reads"
apt-get -qq install --no-install-recommends desktop-file-utils appstream man-db bash-completion dbus dbus-x11 \
    gnome-keyring xvfb xfce4-panel libglib2.0-bin fonts-wqy-microhei imagemagick x11-apps openbox \
    >$work/tools.log 2>&1 || { tail $work/tools.log; fail "tools"; }
desktop-file-validate /usr/share/applications/$app.desktop
appstreamcli validate --no-net /usr/share/metainfo/$app.metainfo.xml
for size in 16 22 24 32 48 64 128 256 512; do test -s /usr/share/icons/hicolor/${size}x$size/apps/$app.png; done
test -s /usr/share/icons/hicolor/scalable/apps/$app.svg
test -s /usr/share/icons/hicolor/symbolic/apps/$app-symbolic.svg
# a minimal root leaves manual pages out at the installation, so they are read from the package
dpkg-deb --fsys-tarfile "$deb" | tar x -C $work ./usr/share/man
for page in man1/guarddogctl man1/guarddog-gui; do
    MANWIDTH=100 man --warnings --local-file $work/usr/share/man/$page.1.gz >$work/page.txt 2>$work/page.err
    test ! -s $work/page.err || { cat $work/page.err; fail "the manual page $page"; }
done
man --local-file $work/usr/share/man/zh_CN/man1/guarddogctl.1.gz | grep -q guarddogctl
bash -c '. /usr/share/bash-completion/bash_completion; . /usr/share/bash-completion/completions/guarddogctl
    COMP_LINE="guarddogctl sta" COMP_POINT=15 COMP_WORDS=(guarddogctl sta) COMP_CWORD=1
    _python_argcomplete guarddogctl; [ "${COMPREPLY[0]%% }" = status ]' || fail "completion"

step "a session with a keyring and a panel"
cat >$work/session.sh <<'SESSION'
set -eu
app=io.github.guarddog.GuardDog
echo -n password | gnome-keyring-daemon --unlock --components=secrets >/dev/null
openbox & xfce4-panel --disable-wm-check >/tmp/panel.log 2>&1 &
items() { gdbus call --session --dest org.kde.StatusNotifierWatcher --object-path /StatusNotifierWatcher \
    --method org.freedesktop.DBus.Properties.Get org.kde.StatusNotifierWatcher RegisteredStatusNotifierItems 2>&1; }
# a panel may list the icons of programs that have ended
has_icon() {
    for name in $(items | grep -o ':[0-9.]*/StatusNotifierItem' | cut -d / -f 1); do
        if gdbus call --session --dest org.freedesktop.DBus --object-path /org/freedesktop/DBus \
            --method org.freedesktop.DBus.NameHasOwner "$name" | grep -q true; then return 0; fi
    done
    return 1
}
has_panel() { items | grep -q '^(<'; }
until_true() { for _ in $(seq 120); do if "$1"; then return 0; fi; sleep 1; done; echo "FAILED: $1"; items; return 1; }
until_true has_panel
guarddog-gui --self-test | tee /tmp/self-test.txt
if grep '^absent\|^FAILED' /tmp/self-test.txt; then exit 1; fi
secret=0123456789abcdef0123456789abcdef
echo $secret | guarddogctl accounts add --appid wx0123456789abcdef --name Shop --secret-stdin --no-check
guarddogctl doctor >/tmp/doctor.txt || true
if grep -A 1 'bad  *\(libraries\|keyring\|fonts\|tray\)' /tmp/doctor.txt; then exit 1; fi
guarddog-gui & started=$!
until_true has_icon
sleep 3; import -window root /tmp/panel.png
guarddog-gui --quit; wait $started
if has_icon; then exit 1; fi
guarddog-gui --install-desktop
desktop-file-validate $HOME/.config/autostart/$app.desktop
$(sed -n 's/^Exec=//p' $HOME/.config/autostart/$app.desktop) & started=$!
until_true has_icon
guarddog-gui --quit; wait $started
guarddog-gui --uninstall-desktop
test ! -e $HOME/.config/autostart/$app.desktop
SESSION
chmod 644 $work/session.sh
Xvfb ":$display" -screen 0 1000x700x24 -nolisten tcp >/dev/null 2>&1 &
sleep 2
as_user env DISPLAY=":$display" dbus-run-session -- sh $work/session.sh

step "upgrade"
as_user guarddogctl accounts list >$work/before.txt
apt-get -qq install --no-install-recommends "$newer" >$work/upgrade.log 2>&1 || { tail $work/upgrade.log; fail "upgrade"; }
as_user guarddogctl accounts list >$work/after.txt
cmp $work/before.txt $work/after.txt
grep Shop $work/after.txt

step "removal"
dpkg -L guarddog-gui >$work/files.txt
apt-get -qq purge guarddog-gui >$work/purge.log 2>&1 || { tail $work/purge.log; fail "purge"; }
while read -r path; do
    if [ -e "$path" ] && [ ! -d "$path" ]; then fail "$path is left"; fi
done <$work/files.txt
find / -xdev \( -path /proc -o -path /home -o -path /srv -o -path /tmp -o -path /var/lib/apt -o -path /var/cache \) \
    -prune -o -iname '*guarddog*' -print >$work/left.txt
test ! -s $work/left.txt || { cat $work/left.txt; fail "files are left"; }
test -s /home/tester/.config/guarddog/accounts.json || fail "the accounts of the user are gone"
step "done"
