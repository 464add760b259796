"""A real `systemd --user` of an ordinary user, in namespaces of its own: no process of it outlives the test.

It needs root, cgroup2 and systemd's package, and no systemd as init: `/run/systemd/system` is made in the namespace.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

SYSTEMD = "/usr/lib/systemd/systemd"
USER_ID = 1999
REPOSITORY = Path(__file__).parents[2]
CGROUP2_FOLDERS = ("/sys/fs/cgroup/unified", "/sys/fs/cgroup")  # of a hybrid and of a unified hierarchy
SCRIPT = """
set -e
mount --make-rprivate /
mount -t cgroup2 none /sys/fs/cgroup
mount -t tmpfs tmpfs /run
n=0
for path in $EXPOSED; do n=$((n + 1)); mkdir -p /run/exposed/$n; mount --bind "$path" /run/exposed/$n; done
for folder in $CLOSED; do mount -t tmpfs -o mode=755 tmpfs "$folder"; done
n=0
for path in $EXPOSED; do n=$((n + 1)); mkdir -p "$path"; mount --move /run/exposed/$n "$path"; done
mount -t tmpfs -o mode=755 tmpfs /home
mkdir "$HOME"
mount --bind "$HOME_OUTSIDE" "$HOME"
mkdir -p /run/systemd/system /run/systemd/unit-root "$XDG_RUNTIME_DIR"
chmod 700 "$XDG_RUNTIME_DIR"
chown -R "$USER_ID:$USER_ID" "$XDG_RUNTIME_DIR" /sys/fs/cgroup
setpriv --reuid "$USER_ID" --regid "$USER_ID" --clear-groups "$SYSTEMD" --user & # not as process 1, which it refuses
wait
"""


def _closed_folders(paths: Iterable[Path]) -> list[tuple[Path, Path]]:
    """Return each path that other users cannot reach, with the topmost folder that is closed to them."""
    found: list[tuple[Path, Path]] = []
    for path in paths:
        closed = [folder for folder in reversed(path.parents) if not folder.stat().st_mode & 0o001]
        found.extend((path, folder) for folder in closed[:1])
    return found


def can_run() -> bool:
    return os.geteuid() == 0 and Path(SYSTEMD).exists() and shutil.which("unshare") is not None


class UserSystemd:
    """Manager of the user, and a way to run programs in its session."""

    def __init__(self, init_id: int, environ: Mapping[str, str]) -> None:
        self._init_id = init_id
        self.environ = dict(environ)
        self.home = Path(environ["HOME"])

    def run(self, *command: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        enter = ["nsenter", f"--target={self._init_id}", "--mount", "--pid", "--cgroup"]
        as_user = ["setpriv", f"--reuid={USER_ID}", f"--regid={USER_ID}", "--clear-groups"]
        return subprocess.run(
            [*enter, *as_user, *command],
            env=self.environ | environ,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )


@contextmanager
def user_systemd(home: Path, environ: Mapping[str, str]) -> Iterator[UserSystemd]:
    """Start the manager. `home` is given to the user, who sees it in /home: services have a /tmp of their own."""
    home_inside = Path("/home", home.name)
    for folder, _, files in os.walk(home):
        for name in (folder, *(os.path.join(folder, file) for file in files)):  # noqa: PTH118
            os.lchown(name, USER_ID, USER_ID)
    cgroup = next(Path(name) for name in CGROUP2_FOLDERS if Path(name, "cgroup.controllers").exists())
    cgroup = cgroup / f"guarddog-test-{os.getpid()}"
    cgroup.mkdir()
    session = {**environ, "HOME": str(home_inside), "XDG_RUNTIME_DIR": f"/run/user/{USER_ID}", "USER": "tester"}
    script = f"echo $$ > {cgroup}/cgroup.procs; exec unshare -m -p -C --fork --mount-proc sh -c '{SCRIPT}'"
    closed = _closed_folders({Path(sys.base_prefix), Path(sys.prefix), REPOSITORY})
    mounts = {
        "EXPOSED": " ".join(sorted({str(path) for path, _ in closed})),
        "CLOSED": " ".join(sorted({str(folder) for _, folder in closed})),
    }
    log = (home / "systemd.log").open("w")
    manager = subprocess.Popen(
        ["sh", "-c", script],
        env=session
        | mounts
        | {"HOME_OUTSIDE": str(home), "USER_ID": str(USER_ID), "SYSTEMD": SYSTEMD, "SYSTEMD_LOG_TARGET": "console"},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
    )
    try:
        init_id = _wait_for_child(manager.pid)
        systemd = UserSystemd(init_id, session)
        deadline = time.monotonic() + 30
        while not systemd.run("systemctl", "--user", "is-system-running", "--wait").stdout.startswith(("run", "degr")):
            assert time.monotonic() < deadline, (home / "systemd.log").read_text()
            time.sleep(0.2)
        yield systemd
    finally:
        for child in _children(manager.pid):
            os.kill(child, signal.SIGKILL)  # the init of the namespace: all others end with it
        manager.wait(10)
        log.close()
        deadline = time.monotonic() + 10
        while True:
            try:
                for below in sorted((path for path in cgroup.rglob("*") if path.is_dir()), reverse=True):
                    below.rmdir()
                cgroup.rmdir()
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)


def _children(process_id: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{process_id}/task/{process_id}/children").read_text().split()]


def _wait_for_child(process_id: int) -> int:
    for _ in range(20):
        if children := _children(process_id):
            return children[0]
        time.sleep(0.05)
    raise AssertionError("unshare has started nothing")
