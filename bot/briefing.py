"""What the message of a waiting job says of it: which picture is which, and what is special."""

from __future__ import annotations

from bot.blends import percents
from bot.texts import Texts
from bot.words import BY_NAME, Chosen, label, shown_setting
from storage.models import Job, User

# A seed is settled for every job, and the rest says nothing about the picture.
LEFT_OUT = ("seed", "preview_percent", "language")
# What a result says of itself or shows, and its colours, which its button changes.
LEFT_OUT_WHEN_DONE = (*LEFT_OUT, "image_size", "iterations", "colors", "output")


def briefing(job: Job, user: User | None, texts: Texts) -> str:
    """The lines, "" when there is nothing to say."""
    lines = [_roles(job, texts), _blend(job, texts), special(job, user, texts)]
    return "\n".join(line for line in lines if line)


def is_swappable(job: Job) -> bool:
    """Whether content and style are two pictures that a person may have meant the other way."""
    return len(job.pictures) == 2 and all(picture.message_id for picture in job.pictures)


def _roles(job: Job, texts: Texts) -> str:
    content, *styles = (picture.message_id for picture in job.pictures)
    sent = [style for style in styles if style is not None]
    if content is None or not sent:
        return ""  # the title names the styles
    if len(styles) > 1:
        return texts("roles.many")
    return texts("roles.first" if content < sent[0] else "roles.second")


def _blend(job: Job, texts: Texts) -> str:
    shares = percents([style.weight for style in job.pictures[1:]])
    if len(shares) < 2:
        return ""
    each = (texts("blend.share", n=n, percent=share) for n, share in enumerate(shares, start=1))
    return texts("blend", shares=", ".join(each))


def special(job: Job, user: User | None, texts: Texts, left_out: tuple[str, ...] = LEFT_OUT) -> str:
    """The settings in which this job departs from what the person paints with now."""
    if user is None:
        return ""
    usual, here = Chosen(user.settings, user.preferences), Chosen(job.settings, job.preferences)
    names = [n for n in BY_NAME if n not in left_out and usual.value(n) != here.value(n)]
    if not names:
        return ""
    return texts("this_time", changes=changes(here, names, texts))


def changes(chosen: Chosen, names: list[str] | tuple[str, ...], texts: Texts) -> str:
    """Settings with their values, plain: "Size: 512 px, Colours: of the photo"."""
    values = ((BY_NAME[name], chosen.value(name)) for name in names)
    return ", ".join(f"{label(s, texts)}: {shown_setting(s, value, texts)}" for s, value in values)
