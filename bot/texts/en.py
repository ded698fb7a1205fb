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
    "command.privacy": "what I keep, and for how long",
    "command.forget": "erase everything of yours",
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
        "one": "You already have {n} picture waiting, of {limit} at most; "
        "send this one again when it is done.",
        "other": "You already have {n} pictures waiting, of {limit} at most; "
        "send this one again when one is done.",
    },
    "too_many.all": {
        "one": "The queue is full just now: {n} picture waits, of {limit} at most; "
        "please try again in a while.",
        "other": "The queue is full just now: {n} pictures wait, of {limit} at most; "
        "please try again in a while.",
    },
    # privacy
    "privacy": (
        "<b>What I keep</b>\n"
        "• Your Telegram number, language, settings and saved styles: until you erase them.\n"
        "• Your photos and what I painted from them: {pictures}.\n"
        "• Previews on the way: {previews} after it is finished.\n"
        "• What you write: until I have answered it.\n"
        "• A note that a message came, and a photo that waits for its style: {mail}.\n"
        "• How long I have painted for you today: until midnight (UTC).\n\n"
        "All this stays on the machine this bot runs on. /forget erases it at once, except for "
        "today's minutes and what the operator has decided about you."
    ),
    "privacy.days": {"one": "{n} day", "other": "{n} days"},
    "privacy.pictures": {
        "one": "{n} day after a picture is finished",
        "other": "{n} days after a picture is finished",
    },
    "privacy.always": "until you erase them",
    "forget.ask": "<b>Erase everything of yours?</b>\n"
    "Your photos, pictures, settings and styles go for good, and what is being painted stops. "
    "What stands in our chat is yours to delete.",
    "forget.done": "Everything of yours is erased.",
    "forget.kept": "Nothing was erased.",
    "button.erase": "Erase everything",
    "button.erase.not": "Keep it",
    "answer.foreign_question": "Somebody else was asked. Send /forget for yours.",
    # groups
    "anonymous": "You write as the group, so I cannot tell whose pictures and settings are meant; "
    "turn off “Remain anonymous” in your rights and write again.",
    # the operator
    "command.admin": "see and steer the bot",
    "admin.help": "<b>For the operator</b>\n{commands}",
    "admin.usage": "Write it like this: <code>{usage}</code>",
    "admin.stats.help": "people, pictures of today, waits, disk and devices",
    "admin.queue.help": "what runs and what waits",
    "admin.ban.help": "stop hearing a person, and stop what is theirs",
    "admin.unban.help": "hear them again (or: allow)",
    "admin.quota.help": "minutes a day for one person; 0 is no limit",
    "admin.drain.help": "finish what runs, take nothing more",
    "admin.broadcast.help": "say something to everybody",
    "admin.cancel.help": "stop a picture by the beginning of its id",
    "admin.stats": (
        "<b>People</b>: {people} (blocked me: {blocked}, banned: {banned})\n"
        "<b>Ordered today</b>: painted {succeeded}, failed {failed}, cancelled {cancelled}, "
        "running {doing}, waiting {todo}\n"
        "<b>Queue</b>: running {running}, waiting {waiting}\n"
        "<b>Median of the latest</b>: wait {wait} s, painting {run} s\n"
        "<b>Disk</b>: {used} MB used, {free} MB free\n"
        "<b>Devices</b>: {devices}"
    ),
    "admin.stats.service": (
        "<b>Oldest that waits</b>: picture {picture} s, update {update} s ({updates} open), "
        "message to a person {call} s ({calls} owed)\n"
        "<b>Since the start</b>: floods {floods}; progress {edits} times shown, after {delay} s on "
        "average; failed attempts: {failures}\n"
        "<b>Steps a second</b>: {speed}"
    ),
    "admin.queue.empty": "Nothing runs and nothing waits.",
    "admin.queue": "<b>Running: {running}, waiting: {waiting}</b>\n"
    "Stop one with <code>/admin cancel</code> and its id.",
    "admin.queue.running": "🎨 <code>{job}</code> of <code>{owner}</code>: step {step} of {steps}",
    "admin.queue.waiting": "⏳ <code>{job}</code> of <code>{owner}</code>: waits for {time}",
    "admin.queue.more": {"one": "and {n} more", "other": "and {n} more"},
    "admin.ban": {
        "one": "{id} is banned, and {n} picture of theirs is stopped.",
        "other": "{id} is banned, and {n} pictures of theirs are stopped.",
    },
    "admin.ban.admin": "That is an operator; take the id out of ADMIN_USER_IDS first.",
    "admin.unban": "{id} is no longer banned.",
    "admin.unban.free": "{id} was not banned.",
    "admin.unban.unlisted": "{id} is not banned, but not in ALLOWED_TELEGRAM_USER_IDS either, "
    "and so is not heard.",
    "admin.quota": {
        "one": "{id} may paint {n} minute a day.",
        "other": "{id} may paint {n} minutes a day.",
    },
    "admin.quota.free": "{id} may paint without a limit.",
    "admin.drain": "Draining: running {running}, which I finish; waiting {waiting}, which stay "
    "until <code>/admin drain off</code>. New pictures are refused.",
    "admin.drain.off": "Taking pictures again; running {running}, waiting {waiting}.",
    "admin.broadcast": {
        "one": "On its way to {n} person; I will tell you how it went.",
        "other": "On its way to {n} people; I will tell you how it went.",
    },
    "admin.broadcast.done": "The broadcast is through: delivered {sent}, not delivered {failed}, "
    "still on the way {left}.",
    "admin.cancel": "Stopping {job} of {owner}.",
    "admin.cancel.none": "Nothing that runs or waits has an id that begins with {job}.",
    "admin.cancel.many": "More than one id begins with {job}; write more of it.",
    # fair shares
    "draining": "I take no new pictures just now: there will be a short break for maintenance. "
    "Please send it again in a while.",
    "quota.left": {
        "one": "You have {left} of {n} minute left today; resets in {reset}.",
        "other": "You have {left} of {n} minutes left today; resets in {reset}.",
    },
    "quota.short": {
        "one": "This picture takes about {takes}, but you have {left} of {n} minute left today; "
        "resets in {reset}.",
        "other": "This picture takes about {takes}, but you have {left} of {n} minutes left "
        "today; resets in {reset}.",
    },
    "too_many_bytes": "That file is over {megabytes} MB, the most a bot may fetch. "
    "Send it as a photo, or smaller.",
    "not_a_picture": "That is not a picture. Send a photo, or an image as a file.",
    "moving": "I paint still pictures only, and this one moves. "
    "Send a photo or a screenshot of it.",
    "album.one_picture": "Only one of these is a picture; send a second one for the style.",
    "trouble": "Sorry, something went wrong on my side with your last message. Please try again.",
    # settings
    "settings": "<b>Settings</b>\nTap − and + to change, a name to read about it, or a preset in "
    "the top row. They hold for your next pictures.\n\n<code>{line}</code>",
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
    "setting.content_weight.short": "Content",
    "setting.style_weight.short": "Style",
    "setting.tv_weight.short": "Smooth",
    "setting.style_scale.short": "Scale",
    "setting.learning_rate.short": "Rate",
    "setting.strength.short": "Amount",
    "setting.style_layer_weight_exp.short": "Layers",
    "setting.content_weight_blend.short": "Blend",
    "setting.preview_percent.short": "Preview",
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
    "setting.seed.help": "The same seed gives the same picture again; "
    "/set seed 7 fixes it, and then a button lets it go.",
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
    "value.random": "random",
    # what follows a result
    "reuse": "Send me the photo to paint in this style.",
    "reuse.group": "Send me the photo to paint in this style, as a reply to this message.",
    "deleted": "Deleted.",
    "button.weaker": "Weaker",
    "button.stronger": "Stronger",
    "button.larger": "Larger",
    "button.colors.photo": "Keep colours",
    "button.colors.style": "Style colours",
    "button.again": "🎲 Again",
    "button.restyle": "Other style",
    "button.reuse": "Other photo",
    "button.delete": "Delete",
    "button.delete.really": "Yes, delete",
    "answer.ordered": "A new picture is on its way.",
    "answer.under_way": "That one is on its way already.",
    "answer.strongest": "It does not get any stronger than this.",
    "answer.weakest": "It does not get any weaker than this.",
    "answer.largest": "{size} px is as large as it gets.",
    "answer.photo_is_small": "The photo itself has only {size} px. Send a larger one, as a file.",
    "answer.gone": "What this needs is no longer kept. Send the photo again, please.",
    "answer.delete": "Delete it for good?",
    "answer.spared": "It stays.",
    "answer.deleted": "Deleted.",
    # units
    "unit.px": "px",
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
    "quoted": "“{words}”",
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
