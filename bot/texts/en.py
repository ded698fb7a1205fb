"""The words of the bot in English."""

from __future__ import annotations

NAME = "English"


def plural(number: int) -> str:
    """'one' for 1, else 'other'."""
    return "one" if number == 1 else "other"


TEXTS: dict[str, str | dict[str, str]] = {
    # commands
    "command.start": "what this bot does",
    "command.help": "how to use it",
    "command.settings": "size, weights, colours and more",
    "command.set": "one setting in a line, e.g. /set style_weight 200",
    "command.queue": "where your pictures stand",
    "command.cancel": "stop the current painting",
    # first words
    "start": (
        "<b>Send me two photos.</b> I paint the first in the style of the second.\n\n"
        "Or send just one and pick a painting from my gallery. /help tells the rest."
    ),
    "help": (
        "<b>How to paint</b>\n"
        "• Two photos, in one album or one after the other: the first is painted in the style of "
        "the second. More photos in an album blend several styles.\n"
        "• One photo: choose a painting from the gallery.\n"
        "• A photo sent as a reply to another: that one is painted in the style of yours.\n"
        "• A caption says how: <code>great-wave</code>, <code>style 200, keep colours</code>, "
        "<code>size 512</code>, or <code>70/30</code> for several styles.\n"
        "• Reply to a picture with <code>/save monet</code> to keep it as a style of yours.\n"
        "• Send pictures as files to skip Telegram's compression.\n\n"
        "While I paint, the message shows the picture so far. <b>Good enough</b> stops early and "
        "keeps it.\n\n{commands}"
    ),
    "not_understood": "I paint photos. Send me two, or one to pick a style for it. /help",
    "gallery": (
        "<b>Now the style.</b> Send a second picture, or pick one of these paintings by its number."
    ),
    "gallery.gone": "That photo is no longer waiting. Send it again, please.",
    # living message
    "queued.next": "⏳ <b>{title}</b>\nQueued, you are next.",
    "queued": {
        "one": "⏳ <b>{title}</b>\nQueued, {n} picture before yours.",
        "other": "⏳ <b>{title}</b>\nQueued, {n} pictures before yours.",
    },
    "queued.time": "About {time} to go.",
    "queued.takes": "It takes about {time}.",
    "starting": "🎨 <b>{title}</b>\nMixing the colours…",
    "again": "🎨 <b>{title}</b>\nThe painter was interrupted and goes on from where it was.",
    "painting": "🎨 <b>{title}</b>\n{bar} {percent} %\nStep {step} of {steps}",
    "painting.time": "{time} left",
    "stopping": "Finishing with the best picture so far…",
    "done": "<b>{title}</b>\n{size} px, {steps} steps, {time}",
    "done.stopped": "<b>{title}</b>\nStopped at step {step} of {steps}: the best picture so far.",
    "cancelled": "<b>{title}</b>\nCancelled.",
    "failed": "<b>{title}</b>\n{reason}",
    "original": "<b>{title}</b>, in full quality",
    "title": "In the style of {styles}",
    "your_picture": "your picture",
    "your_pictures": {"one": "{n} picture of yours", "other": "{n} pictures of yours"},
    # reasons
    "reason.not_an_image": "I cannot read this as a picture. JPEG, PNG, WebP, HEIC and TIFF work.",
    "reason.truncated": "The picture is damaged or cut off. Please send it again.",
    "reason.empty": "The file is empty.",
    "reason.too_small": "The picture is {width}×{height} px; it should be at least {minimum} px "
    "on each side.",
    "reason.too_many_pixels": "The picture has {megapixels} megapixels; I can take {limit}.",
    "reason.too_many_bytes": "The file is over {megabytes} MB, more than I can fetch.",
    "reason.not_fetched": "I could not get the picture from Telegram. Please send it again.",
    "reason.out_of_memory": "The picture is too large for this machine. Try a smaller size in "
    "/settings.",
    "reason.worker_lost": "The painter stopped several times on this picture, so I gave up. "
    "A smaller size in /settings may help.",
    "reason.lease_expired": "I was interrupted several times on this picture, so I gave up. "
    "Please send it again.",
    "reason.invalid_input": "This cannot be painted: {sentence}",
    "reason.trouble": "Something went wrong on my side. Please try again.",
    # buttons
    "button.keep": "Good enough",
    "button.discard": "Cancel",
    "button.discard.really": "Discard it",
    "button.original": "Original PNG",
    "button.undo": "Undo",
    "button.reset": "Reset",
    "button.more": "More ▸",
    "button.less": "◂ Back",
    "button.copy": "Copy as a command",
    # answers to presses and commands
    "answer.stale": "This button is no longer in use.",
    "answer.foreign": "This is somebody else's picture.",
    "answer.foreign_settings": "These are somebody else's settings. Send /settings for yours.",
    "answer.keep": "Stopping, and keeping the best picture.",
    "answer.discard": "Stopping. Press once more to throw the picture away.",
    "answer.discarded": "Cancelled.",
    "answer.already_done": "It is finished already.",
    "answer.original": "Here it comes.",
    "answer.no_original": "The original is no longer kept.",
    "answer.end_of_ladder": "That is as far as the buttons go: {allowed}.",
    "answer.nothing_to_undo": "There is nothing to undo.",
    "cancel.nothing": "Nothing of yours is waiting or being painted.",
    "cancel.done": {
        "one": "Cancelled {n} waiting picture.",
        "other": "Cancelled {n} waiting pictures.",
    },
    "cancel.stopping": "Stopping the current painting and keeping its best picture. "
    "Send /cancel once more to throw it away.",
    "cancel.discarding": "Stopping the current painting and throwing it away.",
    "queue.empty": "Nothing of yours is waiting or being painted. Send a photo!",
    "queue.heading": "<b>Your pictures</b>",
    "queue.running": "🎨 {title}: step {step} of {steps}",
    "queue.starting": "🎨 {title}: starting",
    "queue.waiting": "⏳ {title}: number {place} in the queue",
    "queue.total": {
        "one": "{n} picture in the queue in all.",
        "other": "{n} pictures in the queue in all.",
    },
    "too_many.user": {
        "one": "You already have {n} picture waiting. Send this one again when it is done.",
        "other": "You already have {n} pictures waiting. Send this one again when one is done.",
    },
    "too_many.all": "The queue is full just now. Please try again in a while.",
    "too_many_bytes": "That file is over {megabytes} MB, the most a bot may fetch. "
    "Send it as a photo, or smaller.",
    "not_a_picture": "That is not a picture. Send a photo, or an image as a file.",
    "moving": "I paint still pictures only, and this one moves. "
    "Send a photo or a screenshot of it.",
    "album.one_picture": "Only one of these is a picture; send a second one for the style.",
    "trouble": "Sorry, something went wrong on my side with your last message. Please try again.",
    # settings
    "settings": "<b>Settings</b>\nTap − and + to change, a name to read about it. "
    "They hold for your next pictures.\n\n<code>{line}</code>",
    "settings.defaults": "all at their defaults",
    "settings.changed": "<b>{label}</b> is now <b>{value}</b>.",
    "settings.unknown": "There is no setting called “{name}”. Send /settings to see them all.",
    "settings.closest": "There is no setting called “{name}”. Did you mean {closest}?",
    "settings.usage": "Write a name and a value, e.g. <code>/set style_weight 200</code>.",
    "settings.refused": "<b>{label}</b> takes {allowed}.",
    "settings.refused.nearest": "<b>{label}</b> takes {allowed}. The nearest is "
    "<code>/set {name} {nearest}</code>.",
    "settings.range": "{low} to {high} {unit}",
    "settings.or_random": "or random",
    "settings.help": "{help}\n{allowed}",
    "setting.recipe": "Recipe",
    "setting.image_size": "Size",
    "setting.iterations": "Steps",
    "setting.content_weight": "Content weight",
    "setting.style_weight": "Style weight",
    "setting.tv_weight": "Smoothness",
    "setting.style_scale": "Style scale",
    "setting.learning_rate": "Learning rate",
    "setting.colors": "Colours",
    "setting.strength": "Strength",
    "setting.pooling": "Pooling",
    "setting.style_layer_weight_exp": "Layer emphasis",
    "setting.content_weight_blend": "Content blend",
    "setting.start": "Start",
    "setting.seed": "Seed",
    "setting.preview_percent": "Preview every",
    "setting.output": "Output",
    "setting.language": "Language",
    "setting.recipe.help": (
        "fine for a good picture, draft for a quick look, gatys is the original algorithm of 2015."
    ),
    "setting.image_size.help": "Longest edge of the result. Twice the size, four times the wait.",
    "setting.iterations.help": "How many times the picture is improved.",
    "setting.content_weight.help": "How closely the result keeps to the photo.",
    "setting.style_weight.help": "How strongly the style shows.",
    "setting.tv_weight.help": "Higher is smoother, lower keeps more grain.",
    "setting.style_scale.help": "Size of the style picture, and so of its strokes.",
    "setting.learning_rate.help": "How far each step goes.",
    "setting.colors.help": "Colours of the style, or those of your photo in one of four ways.",
    "setting.strength.help": "How much of the style to take: at 0 % the photo stays as it is.",
    "setting.pooling.help": "How the network shrinks pictures: max is crisper, avg softer.",
    "setting.style_layer_weight_exp.help": "Under 1 favours fine texture, over 1 large shapes.",
    "setting.content_weight_blend.help": "1 keeps more of the photo's detail, 0 only its layout.",
    "setting.start.help": "Begin with your photo, or with noise (slower, wilder).",
    "setting.seed.help": "The same seed gives the same picture again.",
    "setting.preview_percent.help": "How often the picture in the chat is renewed.",
    "setting.output.help": "Send the result as a photo, a PNG file, or both.",
    "setting.language.help": "The language I speak to you.",
    "value.colors.style": "of the style",
    "value.colors.luma": "of the photo",
    "value.colors.oklab": "of the photo, vivid",
    "value.colors.histogram": "of the photo, spread anew",
    "value.colors.match": "style toned to the photo",
    "value.start.noise": "noise",
    "value.start.content": "photo",
    "value.output.photo": "photo",
    "value.output.file": "file",
    "value.output.both": "photo and file",
    "value.language.auto": "automatic",
    "value.language.en": "English",
    "value.language.ru": "Русский",
    "value.random": "random",
    # units of time
    "seconds": "{count} s",
    "minutes": "{count} min",
    "hours": "{count} h",
    # captions: lists of phrases, read in every language at once
    "caption.name.style_weight": "style",
    "caption.name.content_weight": "content",
    "caption.name.style_scale": "strokes, brush",
    "caption.name.iterations": "step, iterations",
    "caption.is.colors.luma": "keep colours, keep colors, keep the colours, keep the colors, "
    "original colours, original colors",
    "caption.up.style_scale": "larger strokes, bigger strokes, coarser",
    "caption.down.style_scale": "smaller strokes, finer strokes, finer",
    "caption.up.style_weight": "stronger, stronger style, more style",
    "caption.down.style_weight": "weaker, weaker style, less style",
    "caption.fillers": "please, and, with, use, in the style of, style of, px, percent",
    # what is answered to a caption
    "caption.unknown": "I did not understand {words}, so I left it out.",
    "caption.unknown.nearest": "I did not understand {words}, so I left it out. "
    "Did you mean <code>{nearest}</code>?",
    "caption.refused": "<b>{label}</b> takes {allowed}, so it stays at {value}.",
    "caption.shares": "The blend {shares} is not for {n}, so the styles count evenly.",
    "caption.shares.n": {"one": "{n} style", "other": "{n} styles"},
    "caption.noted": "Noted for this photo: {changes}.",
    # which picture is which, the blend, swapping
    "roles.first": "The first picture is painted, the second is the style.",
    "roles.second": "The second picture is painted, the first is the style.",
    "roles.many": "The first picture is painted, the others are its styles.",
    "blend": "Blend of the styles: {shares}",
    "blend.share": "{n}. {percent} %",
    "blend.most": "Style {n} has {percent} % already, the most the buttons give.",
    "blend.too_late": "It is being painted already, the blend is settled.",
    "this_time": "This time: {changes}",
    "swap.done": "Swapped.",
    "swap.again": "Starting again, the other way round.",
    "swap.too_late": "It is being stopped already.",
    "button.swap": "⇄ The other way round",
    "button.more_of": "More of {n}",
    "button.even": "Even",
    # the person's own styles
    "command.save": "keep a picture as a style of your own: reply to it with /save monet",
    "command.styles": "your own styles",
    "style.usage": "Reply to a picture with <code>/save monet</code>, or send a picture with that "
    "as its caption, and I keep it as a style of yours.",
    "style.bad_name": "A style needs a name of 1 to 32 letters, digits and dashes, e.g. "
    "<code>/save monet</code>.",
    "style.taken": "“{name}” means something in a caption already. Please choose another name.",
    "style.exists": "You have a style called <b>{name}</b> already. Delete it in /styles first, "
    "or choose another name.",
    "style.too_many": {
        "one": "You have {n} style, the most there is room for. Delete it in /styles first.",
        "other": "You have {n} styles, the most there is room for. Delete one in /styles first.",
    },
    "style.saved": "Kept as <b>{name}</b>. Write <code>{name}</code> as the caption of a photo, or "
    "find it in /styles.",
    "style.lost": "I could not keep <b>{name}</b>. {reason}",
    "style.gone": "That style is not there any more.",
    "style.no_photo": "Send a photo first, or one with {name} as its caption.",
    "style.one_at_a_time": "Please save one picture at a time.",
    "styles": "<b>Your styles</b>\n{names}\n\nA number paints the photo that waits in that style; "
    "a name works in a caption.",
    "styles.delete": "<b>Which style shall I delete?</b>\n{names}",
    "styles.none": "You have no styles of your own yet. Reply to a picture with "
    "<code>/save monet</code> and I keep it.",
    "styles.own": "<b>Now the style.</b> These are yours.\n{names}",
    "button.own_styles": "My styles ▸",
    "button.delete_styles": "Delete…",
    "button.done": "Done",
    "button.gallery": "◂ Gallery",
    "answer.foreign_styles": "These are somebody else's styles. Send /styles for yours.",
}
