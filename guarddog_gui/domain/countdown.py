"""A number of seconds as people read it on a running clock."""


def countdown(seconds: float) -> str:
    """`1:12:09`, or `12:09` below an hour; whole seconds that are still to come."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, rest = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
