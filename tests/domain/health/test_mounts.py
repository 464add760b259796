"""The file systems of /proc/self/mountinfo: their kinds, and which of them a path is on."""

import pytest

from guarddog_gui.domain.health.mounts import FileSystemKind, Mount, find_mount, parse_mountinfo

K = FileSystemKind
LINES = {  # as real machines have them
    "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard": ("/", "ext4", K.OTHER),
    "36 35 98:0 / /mnt/a rw,noatime master:1 propagate_from:2 - nfs4 nas:/home rw,vers=4.2": ("/mnt/a", "nfs4", K.NFS),
    "37 27 0:45 / /mnt/old rw,relatime shared:9 - nfs nas:/x rw,vers=3,nolock,local_lock=all": (
        "/mnt/old",
        "nfs",
        K.NFS,
    ),
    "38 27 0:46 / /mnt/smb rw,relatime - cifs //nas/share rw,vers=3.0,nobrl": ("/mnt/smb", "cifs", K.SMB),
    "39 27 8:17 / /media/al/STICK rw,nosuid - exfat /dev/sdb1 rw,fmask=0022": (
        "/media/al/STICK",
        "exfat",
        K.WINDOWS_DISK,
    ),
    "40 27 8:18 / /boot/efi rw - vfat /dev/sdb2 rw,fmask=0077": ("/boot/efi", "vfat", K.WINDOWS_DISK),
    "41 27 8:19 / /mnt/win rw - ntfs3 /dev/sdb3 rw,uid=0": ("/mnt/win", "ntfs3", K.WINDOWS_DISK),
    "42 27 8:20 / /mnt/win2 rw - fuseblk /dev/sdb4 rw,user_id=0": ("/mnt/win2", "fuseblk", K.WINDOWS_DISK),
    r"85 61 0:52 / /mnt/c rw,noatime - 9p C:\134 rw,dirsync,aname=drvfs;path=C:\;uid=1000,trans=fd": (
        "/mnt/c",
        "9p",
        K.WSL_DRIVE,
    ),
    "86 61 0:53 / /mnt/d rw,noatime - drvfs D: rw": ("/mnt/d", "drvfs", K.WSL_DRIVE),
    "87 61 0:54 / /mnt/e rw,noatime - virtiofs drvfsaE1 rw": ("/mnt/e", "virtiofs", K.WSL_DRIVE),
    "88 27 0:55 / /host rw,relatime - 9p hostshare rw,trans=virtio": ("/host", "9p", K.MACHINE_SHARE),
    "89 27 0:56 / /media/sf_x rw - vboxsf x rw": ("/media/sf_x", "vboxsf", K.MACHINE_SHARE),
    "90 27 0:57 / /mnt/ssh rw,nosuid - fuse.sshfs al@host: rw,user_id=1000": ("/mnt/ssh", "fuse.sshfs", K.FUSE),
    "91 27 0:58 / /mnt/any rw - fuse any rw": ("/mnt/any", "fuse", K.FUSE),
    "92 27 0:59 / /tmp rw - tmpfs tmpfs rw,size=100k": ("/tmp", "tmpfs", K.MEMORY),
    "93 27 0:60 / /merged rw - overlay overlay rw,lowerdir=/l,upperdir=/u": ("/merged", "overlay", K.OVERLAY),
    r"94 27 0:61 / /mnt/with\040blank\011tab rw - ext4 /dev/sdc rw": ("/mnt/with blank\ttab", "ext4", K.OTHER),
}


@pytest.mark.parametrize(("line", "expected"), LINES.items())
def test_a_line_is_read(line: str, expected: tuple[str, str, FileSystemKind]) -> None:
    (mount,) = parse_mountinfo(line)
    assert (mount.mount_point, mount.fs_type, mount.kind) == expected


@pytest.mark.parametrize(
    ("line", "is_read_only", "is_bind_mount"),
    [
        ("1 0 8:1 / /a rw - ext4 /dev/sda rw", False, False),
        ("1 0 8:1 / /a ro,relatime - ext4 /dev/sda rw", True, False),
        ("1 0 8:1 / /a rw,relatime - iso9660 /dev/sr0 ro", True, False),
        ("1 0 8:1 /srv/data /a ro - ext4 /dev/sda rw", True, True),
        ("1 0 8:1 /@home /home rw - btrfs /dev/sda rw,subvol=/@home", False, False),
        ("1 0 8:1 / /a rw,errors=remount-ro - ext4 /dev/sda rw,errors=remount-ro", False, False),
    ],
)
def test_read_only_and_bind_mounts_are_recognised(*, line: str, is_read_only: bool, is_bind_mount: bool) -> None:
    (mount,) = parse_mountinfo(line)
    assert (mount.is_read_only, mount.is_bind_mount) == (is_read_only, is_bind_mount)


@pytest.mark.parametrize("line", ["", "27", "1 0 8:1 / /a rw", "1 0 8:1 / /a rw -", "1 0 8:1 / /a rw - ext4", "-" * 99])
def test_a_line_in_another_form_is_left_out(line: str) -> None:
    assert parse_mountinfo(line) == ()


@pytest.mark.parametrize(
    ("fs_type", "is_network"),
    [
        ("nfs", True),
        ("nfs4", True),
        ("cifs", True),
        ("fuse.sshfs", True),
        ("ceph", True),
        ("ext4", False),
        ("9p", False),
    ],
)
def test_a_share_of_the_network_is_recognised(fs_type: str, *, is_network: bool) -> None:
    assert Mount("/a", fs_type).is_network is is_network


def test_a_path_is_on_the_deepest_and_newest_mount() -> None:
    mounts = tuple(Mount(point, name) for point, name in [("/", "1"), ("/a", "2"), ("/a/b", "3"), ("/a/b", "4")])

    found = [find_mount(mounts, path) for path in ("/", "/ab", "/a", "/a/c", "/a/b/c")]

    assert [mount.fs_type for mount in found if mount is not None] == ["1", "1", "2", "2", "4"]
    assert find_mount((), "/a") is None
