"""Service manager of the user: programs that are missing, hang or fail. The command's tests use it as a whole."""

from pathlib import Path

import pytest

from guarddog_gui.adapters.service.systemd import ServiceState, UserServices

pytestmark = pytest.mark.only_on("linux")


def test_the_unit_is_in_the_folder_of_the_environment(tmp_path: Path) -> None:
    assert UserServices({"HOME": "/home/me"}).unit_path == Path("/home/me/.config/systemd/user/guarddog.service")
    services = UserServices({"HOME": "/home/me", "XDG_CONFIG_HOME": str(tmp_path), "PATH": str(tmp_path)})
    assert services.unit_path == tmp_path / "systemd/user/guarddog.service"
    assert services.read_unit() is None
    services.write_unit("[Unit]\n")
    assert services.read_unit() == "[Unit]\n"
    services.remove_unit()
    services.remove_unit()
    assert services.read_unit() is None


def test_without_programs_every_call_has_failed(tmp_path: Path) -> None:
    services = UserServices({"HOME": str(tmp_path), "PATH": str(tmp_path)})
    assert services.find_program() is None
    assert not services.has_user_session()
    assert not services.reload().is_done
    assert services.is_lingering() is None
    assert services.read_state() == ServiceState()


def test_a_program_that_cannot_be_started_is_a_failure(tmp_path: Path) -> None:
    program = tmp_path / "systemctl"
    program.write_text("#!/no/such/interpreter\n")
    program.chmod(0o700)
    called = UserServices({"HOME": str(tmp_path), "PATH": str(tmp_path)}).reload()
    assert (called.is_done, called.error) == (False, "FileNotFoundError")


@pytest.mark.parametrize(
    ("exit_code", "lacks"), [("226", True), ("218", True), ("217", True), ("1", False), ("", False)]
)
def test_exit_codes_of_the_sandbox_mean_that_namespaces_are_refused(exit_code: str, *, lacks: bool) -> None:
    assert ServiceState("activating", exit_code=exit_code).lacks_namespaces is lacks
    assert not ServiceState("active", exit_code=exit_code).lacks_namespaces
