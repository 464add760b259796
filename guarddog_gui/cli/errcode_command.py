"""`errcode`: what a number of WeChat's means and what to do about it."""

from guarddog_gui.cli.exits import Exit, Stop
from guarddog_gui.cli.terminal import Terminal
from guarddog_gui.services.sentences import Sentence, Sentences


def errcode(terminal: Terminal, sentences: Sentences, code: int) -> Exit:
    """The number and its kind, the meaning, the fix, and the page to open."""
    known = sentences.catalogue.find(code)
    if known is None:
        what = sentences.say("no-such-errcode", code=code)
        raise Stop(Exit.NO_SUCH, Sentence(what, sentences.say("no-such-errcode-todo")))
    language = sentences.words.language
    terminal.put(f"{code}  {known.kind} · {sentences.kind(known.kind)}")
    terminal.put(known.meaning(language))
    terminal.put(known.fix(language))
    if known.page:
        terminal.put(known.page)
    return Exit.DONE
