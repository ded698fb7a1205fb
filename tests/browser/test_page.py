"""The chat page, by mouse and keyboard."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from backstage import ADA, BORIS, GROUP, Backstage, keyboard, picture
from chatpage import ChatPage
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.common.by import By
from telegram import CopyTextButton, InlineKeyboardButton, InputMediaPhoto, ReactionTypeEmoji
from telegram.error import Forbidden, RetryAfter

pytestmark = pytest.mark.browser

WATCH_FOR_GAPS = """
const [photo] = arguments;
window.gaps = window.frames_seen = 0;
(function look() {
  const image = photo.firstChild;
  const loaded = image?.complete && image.naturalWidth > 0;
  const shown = loaded && getComputedStyle(image).opacity === "1";
  window.frames_seen += 1;
  if (!shown) window.gaps += 1;
  requestAnimationFrame(look);
})();
"""


def test_an_empty_chat_invites_to_send_two_photos(page: ChatPage) -> None:
    assert "Send two photos" in page.one("empty").text


def test_enter_sends_the_text_and_the_bot_hears_it(page: ChatPage, backstage: Backstage) -> None:
    page.say("Hello <b>there</b>")
    assert "Hello <b>there</b>" in page.one("message", ".out").text
    page.wait(lambda: (ADA, "Hello <b>there</b>") in backstage.heard())
    assert page.attribute("composer-input", "value") == ""


def test_shift_and_enter_begin_a_new_line(page: ChatPage, backstage: Backstage) -> None:
    field = page.one("composer-input")
    ActionChains(page.driver).click(field).send_keys("one").key_down(Keys.SHIFT).send_keys(
        Keys.ENTER
    ).key_up(Keys.SHIFT).send_keys("two", Keys.ENTER).perform()
    page.wait(lambda: (ADA, "one\ntwo") in backstage.heard())


def test_an_album_is_sent_in_the_order_of_the_tray(
    page: ChatPage, backstage: Backstage, pictures: list[Path]
) -> None:
    page.one("composer-input")
    page.all("file-input")[0].send_keys("\n".join(map(str, pictures)))
    assert len(page.wait(lambda: page.all("preview"))) == 3
    page.all("preview")[1].find_element(By.CSS_SELECTOR, ".left").click()
    page.all("preview")[2].find_element(By.CSS_SELECTOR, ".remove").click()
    page.say("style 200")
    bubble = page.one("message", ".photos")
    boxes = [photo.rect for photo in bubble.find_elements(By.CSS_SELECTOR, ".photo")]
    assert "style 200" in bubble.text
    assert len(boxes) == 2
    page.wait(lambda: len(backstage.heard()) == 2)
    sizes = [
        (update.message.photo[-1].width, update.message.photo[-1].height)
        for update in backstage.updates
        if update.message
    ]
    assert sizes == [(300, 400), (400, 300)]


def test_a_picture_sent_as_a_file_keeps_its_bytes_and_name(
    page: ChatPage, backstage: Backstage, pictures: list[Path]
) -> None:
    page.one("composer-input")
    page.all("file-input")[0].send_keys(str(pictures[0]))
    page.one("as-file").click()
    page.one("send").click()
    assert "red sky.png" in page.one("document").text
    update = page.wait(lambda: next(iter(backstage.updates), None))
    assert update.message
    assert update.message.document
    assert update.message.document.file_name == "red sky.png"
    assert update.message.document.file_size == pictures[0].stat().st_size


def test_a_dropped_and_a_pasted_picture_lie_in_the_tray(page: ChatPage) -> None:
    page.one("composer-input").click()
    page.paste("pasted.png", picture("blue"))
    page.drop("drop-document", "dropped.png", picture("red"))
    page.wait(lambda: len(page.all("preview")) == 2)
    assert page.attribute("as-file", "aria-pressed") == "true"
    assert not page.all("drop")[0].is_displayed()


@pytest.mark.parametrize(("alert", "hook"), [(False, "toast"), (True, "alert")])
def test_a_press_shows_the_bots_answer(
    page: ChatPage, backstage: Backstage, alert: bool, hook: str
) -> None:
    backstage.answers["stop"] = {"text": "Keeping the best picture", "show_alert": alert}
    keys = keyboard([InlineKeyboardButton("Good enough", callback_data="stop")])
    backstage.run(backstage.bot.send_message(ADA, "Painting", reply_markup=keys))
    page.one("keyboard-button", '[data-data="stop"]').click()
    assert "Keeping the best picture" in page.one(hook).text


def test_buttons_have_their_colours_and_copy_their_text(
    page: ChatPage, backstage: Backstage
) -> None:
    keys = keyboard(
        [InlineKeyboardButton("Cancel", callback_data="c", api_kwargs={"style": "danger"})],
        [InlineKeyboardButton("Settings", copy_text=CopyTextButton("/set size 768"))],
        [InlineKeyboardButton("About", url="https://example.org/")],
    )
    backstage.run(backstage.bot.send_message(ADA, "Painting", reply_markup=keys))
    cancel, copy, about = page.wait(lambda: page.all("keyboard-button") or None)
    assert "danger" in (cancel.get_attribute("class") or "").split()
    assert about.get_attribute("href") == "https://example.org/"
    assert about.get_attribute("rel") == "noopener noreferrer"
    copy.click()
    assert page.one("toast").text.startswith(("Copied", "The browser does not allow"))


def test_an_edited_photo_changes_in_place_and_the_scroll_stays(
    page: ChatPage, backstage: Backstage
) -> None:
    bot = backstage.bot
    message = backstage.run(bot.send_photo(ADA, picture("red"), caption="Step 1"))
    photo = page.one("photo")
    before = photo.find_element(By.CSS_SELECTOR, "img").get_attribute("src")
    page.script(WATCH_FOR_GAPS, photo)
    for number in range(30):
        backstage.run(bot.send_message(ADA, f"Line {number}"))
    page.wait(lambda: "Line 29" in page.one("feed").text)
    page.script("arguments[0].scrollTop = 40", page.one("feed"))
    page.wait(lambda: page.one("to-bottom").is_displayed())
    media = InputMediaPhoto(picture("blue"), caption="Step 2")
    backstage.run(bot.edit_message_media(media, ADA, message.message_id))
    page.wait(lambda: "Step 2" in page.message(message.message_id).text)
    sources = page.wait(
        lambda: [
            image.get_attribute("src")
            for image in photo.find_elements(By.CSS_SELECTOR, "img")
            if image.get_attribute("src") != before
        ]
    )
    assert len(sources) == 1
    page.wait(lambda: len(photo.find_elements(By.CSS_SELECTOR, "img")) == 1)
    assert page.script("return window.frames_seen > 5 && window.gaps === 0")
    assert page.script("return arguments[0].scrollTop", page.one("feed")) == 40
    assert "edited" in page.message(message.message_id).text


def test_a_text_becomes_a_photo_in_the_same_bubble(page: ChatPage, backstage: Backstage) -> None:
    message = backstage.run(backstage.bot.send_message(ADA, "Queued, #2"))
    bubble = page.message(message.message_id)
    media = InputMediaPhoto(picture("green"), caption="Step 20 of 200")
    backstage.run(backstage.bot.edit_message_media(media, ADA, message.message_id))
    page.wait(lambda: bubble.find_elements(By.CSS_SELECTOR, ".photo"))
    assert "Step 20 of 200" in bubble.text
    assert "Queued" not in bubble.text


def test_the_feed_follows_new_messages_only_from_its_end(
    page: ChatPage, backstage: Backstage
) -> None:
    for number in range(30):
        backstage.run(backstage.bot.send_message(ADA, f"Line {number}"))
    page.wait(lambda: "Line 29" in page.one("feed").text)
    rest = "const f = arguments[0]; return f.scrollHeight - f.scrollTop - f.clientHeight"
    page.wait(lambda: page.script(rest, page.one("feed")) < 2)
    page.script("arguments[0].scrollTop = 0", page.one("feed"))
    page.one("to-bottom")
    backstage.run(backstage.bot.send_message(ADA, "News"))
    page.wait(lambda: page.one("to-bottom").text == "1")
    assert page.script("return arguments[0].scrollTop", page.one("feed")) == 0
    page.one("to-bottom").click()
    page.wait(lambda: page.script(rest, page.one("feed")) < 2)


def test_the_viewer_opens_moves_zooms_and_closes(page: ChatPage, backstage: Backstage) -> None:
    for color in ("red", "blue"):
        backstage.run(backstage.bot.send_photo(ADA, picture(color)))
    page.wait(lambda: len(page.all("photo")) == 2)
    page.all("photo")[1].click()
    page.wait(lambda: page.one("viewer-count").text == "2 of 2 · 320 × 240")
    fitted = page.one("viewer-image").size["width"]
    page.type(Keys.ARROW_LEFT)
    page.wait(lambda: page.one("viewer-count").text.startswith("1 of 2"))
    page.type(" ")
    page.wait(lambda: page.one("viewer-image").size["width"] == 320 != fitted)
    page.type(Keys.ESCAPE)
    page.wait(lambda: not page.all("viewer")[0].is_displayed())


def test_the_menu_replies_and_the_quote_leads_back(page: ChatPage, backstage: Backstage) -> None:
    message = backstage.run(backstage.bot.send_message(ADA, "Which style?"))
    bubble = page.message(message.message_id).find_element(By.CSS_SELECTOR, ".bubble")
    ActionChains(page.driver).context_click(bubble).perform()
    page.one("menu")
    page.type(Keys.ENTER)
    assert "Which style?" in page.one("reply-bar").text
    page.say("The wave")
    page.one("quote").click()
    page.wait(lambda: "flash" in page.attribute("message", "class"))
    heard = page.wait(lambda: next(iter(backstage.updates), None))
    assert heard.message
    assert heard.message.reply_to_message
    assert heard.message.reply_to_message.message_id == message.message_id


def test_a_message_is_deleted_by_keyboard(page: ChatPage) -> None:
    page.say("Wrong")
    page.script("arguments[0].focus()", page.one("message", ".out"))
    page.type(Keys.DELETE)
    page.one("empty")
    assert page.all("message") == []


def test_in_the_group_the_chosen_person_speaks(page: ChatPage, backstage: Backstage) -> None:
    page.one("chat-item", f'[data-chat="{GROUP}"]').click()
    page.one("speaker", f'[data-user="{BORIS}"]').click()
    page.say("Привет, @easel_bot")
    page.wait(lambda: (BORIS, "Привет, @easel_bot") in backstage.heard())
    assert page.attribute("message", "class").split()[1] == "out"
    page.one("speaker", f'[data-user="{ADA}"]').click()
    assert page.attribute("message", "class").split()[1] == "in"


def test_commands_are_offered_while_typing(page: ChatPage, backstage: Backstage) -> None:
    commands = [("settings", "What you can vary"), ("start", "Begin")]
    backstage.run(backstage.bot.set_my_commands(commands))
    page.one("commands").click()
    page.wait(lambda: len(page.all("suggestion")) == 2)
    page.type("/se")
    page.wait(
        lambda: [one.text for one in page.all("suggestion")] == ["/settings\nWhat you can vary"]
    )
    page.type(Keys.ENTER)
    page.wait(lambda: (ADA, "/settings") in backstage.heard())


def test_reactions_and_chat_actions_are_shown(page: ChatPage, backstage: Backstage) -> None:
    page.say("Paint this")
    number = int(page.attribute("message", "data-message-id"))
    reaction = ReactionTypeEmoji("👀")
    backstage.run(backstage.bot.set_message_reaction(ADA, number, reaction))
    assert page.one("reaction").text == "👀"
    backstage.run(backstage.bot.send_chat_action(ADA, "upload_photo"))
    page.wait(lambda: "sending a photo" in page.one("chat-state").text)


def test_an_unread_chat_carries_a_badge_until_it_is_opened(
    page: ChatPage, backstage: Backstage
) -> None:
    backstage.run(backstage.bot.send_message(BORIS, "Готово"))
    row = f'[data-chat="{BORIS}"]'
    page.wait(lambda: page.one("chat-item", row).text.endswith("Готово\n1"))
    page.one("chat-item", row).click()
    page.wait(lambda: page.one("chat-item", row).text.endswith("Готово"))


def test_screen_readers_hear_of_new_messages_but_not_of_edits(
    page: ChatPage, backstage: Backstage
) -> None:
    news = page.all("announcer")[0]
    message = backstage.run(backstage.bot.send_message(ADA, "Queued"))
    page.wait(lambda: news.get_attribute("textContent") == "Easel: Queued")
    backstage.run(backstage.bot.edit_message_text("Started", ADA, message.message_id))
    page.wait(lambda: "Started" in page.message(message.message_id).text)
    assert news.get_attribute("textContent") == "Easel: Queued"


def test_the_faults_panel_makes_the_next_call_fail(
    page: ChatPage, backstage: Backstage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # or reading retry_after is deprecated
    page.one("panel-toggle").click()
    page.one("panel-tab", '[data-tab="faults"]').click()
    page.one("fault-method").find_element(By.CSS_SELECTOR, '[value="sendMessage"]').click()
    page.one("fault-count").send_keys("1")
    page.one("fault-retry_after").clear()
    page.one("fault-retry_after").send_keys("7")
    page.one("fault-add").click()
    assert "sendMessage, any chat, 1 call left" in page.one("fault", '[data-kind="429"]').text
    with pytest.raises(RetryAfter) as refusal:
        backstage.run(backstage.bot.send_message(ADA, "Hello"))
    assert refusal.value.retry_after == timedelta(seconds=7)
    page.wait(lambda: not page.all("fault"))
    page.one("panel-tab", '[data-tab="calls"]').click()
    assert "retry after 7" in page.one("call", '[data-status="429"]').text


def test_the_transcript_shows_every_version(page: ChatPage, backstage: Backstage) -> None:
    message = backstage.run(backstage.bot.send_message(ADA, "Queued"))
    for step, color in enumerate(("red", "green", "blue"), 1):
        media = InputMediaPhoto(picture(color), caption=f"Step {step}")
        backstage.run(backstage.bot.edit_message_media(media, ADA, message.message_id))
    page.one("edited").click()
    entry = page.one("transcript-entry", f'[data-message-id="{message.message_id}"]')
    words = page.wait(lambda: entry.text if "Step 3" in entry.text else None)
    places = [words.rindex(one) for one in ("Queued", "Step 1", "Step 2", "Step 3")]
    assert places == sorted(places)
    page.wait(lambda: len(page.all("transcript-thumbnail")) == 3)
    page.one("transcript-thumbnail").click()
    page.wait(lambda: page.one("viewer-count").text.startswith("1 of 3"))
    page.type(Keys.ESCAPE)
    assert f"chat={ADA}" in page.attribute("transcript-download", "href")


def test_dark_follows_the_system_until_chosen_otherwise(page: ChatPage) -> None:
    ground = "return getComputedStyle(document.body).backgroundColor"
    light = page.script(ground)
    page.prefer("dark")
    dark = page.wait(lambda: page.script(ground) if page.script(ground) != light else None)
    page.one("theme-toggle").click()
    page.wait(lambda: page.script(ground) == light)
    page.driver.refresh()
    page.one("chat-item")
    assert page.script(ground) == light != dark


def test_on_a_phone_the_chats_are_a_drawer(page: ChatPage, backstage: Backstage) -> None:
    page.resize(360, 740, phone=True)
    backstage.run(backstage.bot.send_photo(ADA, picture("red", 1000, 400), caption="Done"))
    page.one("photo")
    assert page.script("return document.documentElement.scrollWidth") == 360
    assert not page.one("composer").find_elements(By.CSS_SELECTOR, ":invalid")
    page.wait(lambda: not page.all("chat-item")[0].is_displayed())
    page.one("rail-toggle").click()
    page.one("chat-item", f'[data-chat="{GROUP}"]').click()
    page.wait(lambda: page.one("chat-title").text == "Painters")
    page.wait(lambda: not page.all("chat-item")[0].is_displayed())


def test_markup_of_the_bot_is_shown_and_markup_of_people_is_text(
    page: ChatPage, backstage: Backstage
) -> None:
    page.say("<img src=x onerror=alert(1)>")
    assert page.one("message", ".out").text.startswith("<img src=x onerror=alert(1)>")
    backstage.run(backstage.bot.send_message(ADA, "<b>Bold</b> &lt;i&gt;", parse_mode="HTML"))
    prose = page.one("message", ".in").find_element(By.CSS_SELECTOR, ".prose")
    assert prose.find_element(By.CSS_SELECTOR, "b").text == "Bold"
    assert "<i>" in prose.text


def test_messages_are_walked_by_arrow_keys(page: ChatPage, backstage: Backstage) -> None:
    ids = [
        backstage.run(backstage.bot.send_message(ADA, text)).message_id for text in ("one", "two")
    ]
    page.script("arguments[0].focus()", page.message(ids[1]))
    page.type(Keys.ARROW_UP)
    focused = page.driver.switch_to.active_element
    assert focused.get_attribute("data-message-id") == str(ids[0])
    page.type("r")
    assert "one" in page.one("reply-bar").text


def test_a_refusal_is_told_and_the_draft_stays(page: ChatPage) -> None:
    page.one("composer-input")
    text = "x" * 5000
    page.script("arguments[0].value = arguments[1]", page.one("composer-input"), text)
    page.say(".")
    assert page.one("toast").text
    assert len(page.attribute("composer-input", "value")) == 5001
    page.complaints()  # the refused request itself


def test_the_page_finds_a_restarted_playground_again(page: ChatPage, backstage: Backstage) -> None:
    page.say("Before")
    page.one("message")
    backstage.restart()
    page.one("empty")
    backstage.run(backstage.bot.send_message(ADA, "After"))
    assert "After" in page.one("message").text
    assert "Before" not in page.one("feed").text
    page.complaints()  # the lost connection


def test_a_sticker_goes_out_as_a_sticker(
    page: ChatPage, backstage: Backstage, pictures: list[Path]
) -> None:
    page.one("composer-input")
    page.all("file-input")[0].send_keys(str(pictures[2]))
    page.one("as-sticker").click()
    page.one("send").click()
    width, height = (
        page.one("message", ".stickers").find_element(By.CSS_SELECTOR, ".sticker").size.values()
    )
    assert {width, height} == {220, 110}
    update = page.wait(lambda: next(iter(backstage.updates), None))
    assert update.message
    assert update.message.sticker


def test_a_person_blocks_the_bot(page: ChatPage, backstage: Backstage) -> None:
    page.one("person-menu").click()
    page.one("menu").find_element(By.XPATH, ".//button[contains(., 'Block the bot')]").click()
    page.wait(lambda: "bot blocked" in page.one("chat-state").text)
    with pytest.raises(Forbidden):
        backstage.run(backstage.bot.send_message(ADA, "Hello?"))


def test_each_chat_keeps_its_draft(page: ChatPage) -> None:
    page.one("composer-input").send_keys("To be continued")
    page.one("chat-item", f'[data-chat="{BORIS}"]').click()
    page.wait(lambda: page.attribute("composer-input", "value") == "")
    page.one("chat-item", f'[data-chat="{ADA}"]').click()
    page.wait(lambda: page.attribute("composer-input", "value") == "To be continued")


def test_messages_written_quickly_arrive_in_order(page: ChatPage, backstage: Backstage) -> None:
    for number in range(6):
        page.say(f"Line {number}")
    page.wait(lambda: len(backstage.heard()) == 6)
    assert [text for _, text in backstage.heard()] == [f"Line {number}" for number in range(6)]


def test_the_page_asks_nobody_but_the_playground(page: ChatPage, backstage: Backstage) -> None:
    backstage.run(backstage.bot.send_photo(ADA, picture("red")))
    page.one("photo")
    names = "return performance.getEntriesByType('resource').map((entry) => entry.name)"
    asked = page.script(names)
    assert any(name.endswith("/page/main.js") for name in asked)
    assert [name for name in asked if not name.startswith(backstage.playground.url)] == []
