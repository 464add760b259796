import pytest

from guarddog_gui.domain.readiness.verify_file import expected_content, parse_verify_file_name

NAME = "MP_verify_aB3dE5gH7jK9mN1p.txt"


@pytest.mark.parametrize(
    "text",
    [
        NAME,
        f"  {NAME}\n",
        f"https://shop.example.cn/{NAME}?x=1",
        f"C:\\Downloads\\{NAME}",
        "MP_verify_aB3dE5gH7jK9mN1p",
    ],
)
def test_the_name_is_found_in_a_path_or_url(text: str) -> None:
    assert parse_verify_file_name(text) == NAME


def test_wecom_has_a_file_of_its_own() -> None:
    assert parse_verify_file_name("WW_verify_abcd1234.txt") == "WW_verify_abcd1234.txt"


@pytest.mark.parametrize(
    "text", ["", "verify.txt", "MP_verify_.txt", "MP_verify_a b.txt", "MP_verify_a%2f.txt", "x" * 99]
)
def test_other_names_are_refused(text: str) -> None:
    assert parse_verify_file_name(text) is None


def test_the_content_is_the_part_of_the_name() -> None:
    assert expected_content(NAME) == "aB3dE5gH7jK9mN1p"
    assert expected_content("x.txt") == ""
