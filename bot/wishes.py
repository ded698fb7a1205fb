"""What a person wrote beside a picture, with their own styles and the gallery at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.captions import Caption, read_caption
from bot.texts import Html, Texts
from bot.turn import Turn
from bot.vocabulary import vocabulary
from bot.words import BY_NAME, Chosen, allowed, label, shown_setting
from storage import styles
from storage.models import Picture, Style

MAX_QUOTED_CHARS = 60


@dataclass(frozen=True, slots=True)
class NamedStyle:
    """A style by its title; one that is saved may still have to be fetched."""

    title: str
    blob: str | None
    file_id: str | None = None

    def picture(self) -> Picture:
        """It as a picture of a job."""
        return Picture(blob=self.blob, file_id=None if self.blob else self.file_id)


@dataclass(frozen=True, slots=True)
class Wishes:
    """A caption, and the styles that it names."""

    caption: Caption
    named: tuple[NamedStyle, ...] = ()

    @property
    def chosen(self) -> Chosen:
        """Everything in force for this job."""
        return self.caption.chosen

    def with_style(self, style: NamedStyle) -> Wishes:
        """The same with a style that was chosen by a button."""
        return Wishes(self.caption, (*self.named, style))

    def refusals(self, texts: Texts) -> list[str]:
        """What could not be carried out, each in a sentence."""
        sentences = [_refusal(name, self.chosen, texts) for name in self.caption.refused]
        if self.caption.unknown:
            quoted = (
                texts.plain("quoted", words=words[:MAX_QUOTED_CHARS])
                for words in self.caption.unknown
            )
            words = ", ".join(quoted)
            nearest = self.caption.nearest
            if nearest is None:
                sentences.append(texts("caption.unknown", words=words))
            else:
                sentences.append(texts("caption.unknown.nearest", words=words, nearest=nearest))
        return sentences


async def read_wishes(turn: Turn, *captions: str | None) -> Wishes:
    """What the captions ask for, together."""
    text = "\n".join(caption for caption in captions if caption)
    if not text:
        return Wishes(Caption(turn.chosen))
    own = {style.name: style for style in await styles.of(turn.session, turn.user.id)}
    caption = read_caption(text, vocabulary(turn.rooms.gallery, own), turn.chosen)
    named = tuple(_named(turn, name, own.get(name)) for name in caption.styles)
    return Wishes(caption, named)


def blend(pictures: Sequence[Picture], shares: Sequence[int], texts: Texts) -> str | None:
    """Weigh the styles by the shares; where these do not fit, the sentence that says so."""
    if not shares:
        return None
    if len(shares) != len(pictures) or not sum(shares):
        count = Html(texts("caption.shares.n", n=len(pictures)))
        return texts("caption.shares", shares="/".join(map(str, shares)), n=count)
    for picture, share in zip(pictures, shares, strict=True):
        picture.weight = float(share)
    return None


def own_style(style: Style) -> NamedStyle:
    """A saved style as one to paint with."""
    return NamedStyle(style.name, style.blob, style.file_id)


def _named(turn: Turn, name: str, own: Style | None) -> NamedStyle:
    if own is not None:
        return own_style(own)
    painting = turn.rooms.painting(name)
    assert painting is not None  # the vocabulary holds no other names
    return NamedStyle(painting.title(turn.texts.language), turn.rooms.gallery_blobs[name])


def _refusal(name: str, chosen: Chosen, texts: Texts) -> str:
    setting = BY_NAME[name]
    return texts(
        "caption.refused",
        label=label(setting, texts),
        allowed=allowed(setting, texts),
        value=shown_setting(setting, chosen.value(name), texts),
    )
