"""Values of one object belong together; others complete it only where they do not contradict it."""

from guarddog_gui.domain.paste.names import Rank
from guarddog_gui.domain.paste.objects import Group, Pair, find_config, find_objects
from guarddog_gui.domain.paste.scanner import scan_text

S1, S2 = "0f9de62fce790f9a083d5c99e95740ceb90c27ed", "e626dbdefa7e17711f5592103c2acb99ac488fe1"


def config_of(text: str) -> dict[str, str]:
    return {name: pair.value for name, pair in find_config(find_objects(scan_text(text)))[1].items()}


def test_a_repeated_field_begins_another_object() -> None:
    text = f"nonce=a1 timestamp=1795411200\nnonce=b2 timestamp=1795411300 signature={S1}"
    assert config_of(text) == {"nonce": "b2", "timestamp": "1795411300", "signature": S1}


def test_the_config_wins_over_the_agent_config() -> None:
    agent = f"wx.agentConfig({{timestamp: 1795411200, nonceStr: 'agent123', signature: '{S1}'}})"
    config = f"wx.config({{timestamp: 1795411300, nonceStr: 'config123', signature: '{S2}'}})"
    assert config_of(agent + config) == config_of(config + agent)
    assert config_of(agent + config)["signature"] == S2


def test_literals_elsewhere_complete_the_names_of_variables() -> None:
    text = (
        f"var t = 1; var timestamp = 1795411200; wx.config({{timestamp: timestamp, nonceStr: 'a1', signature: '{S1}'}})"
    )
    assert config_of(text)["timestamp"] == "1795411200"


def test_an_object_that_contradicts_does_not_complete() -> None:
    text = f"{{nonceStr: 'other1', timestamp: 1795411200}} {{nonceStr: 'a1', signature: '{S1}'}}"
    assert "timestamp" not in config_of(text)


def test_nothing_is_found_in_nothing() -> None:
    assert find_config([]) == (None, {})


def test_the_ancestors_of_a_group_begin_with_the_nearest() -> None:
    root = Group()
    middle = Group(root, "{")
    assert Group(middle, "[").ancestors() == [middle, root]
    assert root.ancestors() == []


def test_a_value_is_not_in_a_repr() -> None:
    assert "secret" not in repr(Pair("ticket", Rank.EXACT, "secret", 0))
