"""Mounted file systems as Linux lists them in /proc/self/mountinfo, and what is known of their kinds.

The format is described in proc_pid_mountinfo(5): fields separated by blanks, a variable number of optional ones,
a single hyphen, then type, source and options of the file system. A blank in a path is written in octal.
"""

import re
from enum import StrEnum
from pathlib import PurePosixPath

from msgspec import Struct

_FIELDS_BEFORE_OPTIONAL = 6
_FIELDS_AFTER_HYPHEN = 3


class FileSystemKind(StrEnum):
    """Group of file systems that lack the same and have the same remedy."""

    NFS = "nfs"
    SMB = "smb"
    WSL_DRIVE = "wsl drive"  # a Windows drive in the Windows Subsystem for Linux, such as /mnt/c
    WINDOWS_DISK = "windows disk"  # FAT, exFAT or NTFS
    MACHINE_SHARE = "machine share"  # folder of the host in a virtual machine
    FUSE = "fuse"
    MEMORY = "memory"
    OVERLAY = "overlay"
    OTHER = "other"


_KIND_BY_TYPE = {
    "nfs": FileSystemKind.NFS,
    "nfs4": FileSystemKind.NFS,
    "cifs": FileSystemKind.SMB,
    "smb3": FileSystemKind.SMB,
    "smbfs": FileSystemKind.SMB,
    "drvfs": FileSystemKind.WSL_DRIVE,  # WSL 1; WSL 2 uses 9p or virtiofs
    "vfat": FileSystemKind.WINDOWS_DISK,
    "msdos": FileSystemKind.WINDOWS_DISK,
    "exfat": FileSystemKind.WINDOWS_DISK,
    "ntfs": FileSystemKind.WINDOWS_DISK,
    "ntfs3": FileSystemKind.WINDOWS_DISK,
    "fuseblk": FileSystemKind.WINDOWS_DISK,  # ntfs-3g and exfat-fuse, the only common ones with a block device
    "9p": FileSystemKind.MACHINE_SHARE,
    "virtiofs": FileSystemKind.MACHINE_SHARE,
    "vboxsf": FileSystemKind.MACHINE_SHARE,
    "prl_fs": FileSystemKind.MACHINE_SHARE,
    "fuse": FileSystemKind.FUSE,
    "fuse.vmhgfs-fuse": FileSystemKind.MACHINE_SHARE,
    "tmpfs": FileSystemKind.MEMORY,
    "ramfs": FileSystemKind.MEMORY,
    "overlay": FileSystemKind.OVERLAY,
    "fuse.fuse-overlayfs": FileSystemKind.OVERLAY,
}
_NETWORK_KINDS = frozenset({FileSystemKind.NFS, FileSystemKind.SMB})
_NETWORK_TYPES = frozenset({
    "fuse.sshfs", "fuse.rclone", "fuse.s3fs", "fuse.davfs", "fuse.glusterfs", "fuse.cephfs", "fuse.juicefs", "davfs",
    "ceph", "glusterfs", "lustre", "afs", "gpfs", "beegfs",
})  # fmt: skip
_SUBVOLUME_TYPES = frozenset({"btrfs", "bcachefs"})  # their root is the name of a subvolume, bound or not


class Mount(Struct, frozen=True):
    """One mounted file system; `root` is the folder in it that appears at `mount_point`."""

    mount_point: str
    fs_type: str
    source: str = ""
    root: str = "/"
    is_read_only: bool = False
    options: tuple[str, ...] = ()

    @property
    def kind(self) -> FileSystemKind:
        if self.fs_type in ("9p", "virtiofs") and self._is_windows_drive:
            return FileSystemKind.WSL_DRIVE
        default = FileSystemKind.FUSE if self.fs_type.startswith("fuse.") else FileSystemKind.OTHER
        return _KIND_BY_TYPE.get(self.fs_type, default)

    @property
    def is_network(self) -> bool:
        return self.kind in _NETWORK_KINDS or self.fs_type in _NETWORK_TYPES

    @property
    def is_bind_mount(self) -> bool:
        return self.root != "/" and self.fs_type not in _SUBVOLUME_TYPES

    @property
    def _is_windows_drive(self) -> bool:
        """Return True for a drive letter as source, and for the `aname=drvfs;…` that WSL 2 mounts with."""
        is_drvfs = any(option.startswith(("aname=drvfs", "drvfs")) for option in self.options)
        return is_drvfs or self.source.startswith("drvfs") or bool(re.match(r"[A-Za-z]:", self.source))


def parse_mountinfo(text: str) -> tuple[Mount, ...]:
    """Return the mounts in their order; lines in another form are left out."""
    return tuple(filter(None, map(_parse_line, text.splitlines())))


def _parse_line(line: str) -> Mount | None:
    fields = line.split(" ")
    try:
        hyphen = fields.index("-", _FIELDS_BEFORE_OPTIONAL)
    except ValueError:
        return None
    after = fields[hyphen + 1 :]
    if len(after) < _FIELDS_AFTER_HYPHEN:
        return None
    fs_type, source, super_options = after[0], after[1], after[2].split(",")
    mount_options = fields[5].split(",")
    return Mount(
        _unescape(fields[4]),
        fs_type,
        _unescape(source),
        _unescape(fields[3]),
        "ro" in mount_options or "ro" in super_options,
        tuple(super_options),
    )


def _unescape(field: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), field)


def find_mount(mounts: tuple[Mount, ...], path: str) -> Mount | None:
    """Return the mount that an absolute path without links is on; the last one where several hide each other."""
    folder = PurePosixPath(path)
    candidates = [mount for mount in mounts if folder.is_relative_to(mount.mount_point)]
    return max(reversed(candidates), key=lambda mount: len(PurePosixPath(mount.mount_point).parts), default=None)
