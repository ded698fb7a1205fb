"""/settings by its buttons and by text, seen to change what is kept and what is painted."""

from __future__ import annotations

import io

import pytest
from person import ADA, BORIS, PAINTERS, Person, buttons, words
from PIL import Image
from served import Picture

from bot.keyboards import settings_keyboard
from bot.rooms import Rooms
from bot.texts import languages, texts_for
from bot.words import BY_NAME, Chosen
from engine.settings import preset
from storage import users
from storage.preferences import Preferences


async def labels(ada: Person, message: dict[str, object]) -> list[str]:
    return [button["text"] for button in buttons(await ada.message(int(str(message["id"]))))]


async def test_the_steppers_change_the_value_in_the_same_message(ada: Person) -> None:
    await ada.say("/settings")
    message = await ada.wait_for_text("Tap − and +")
    assert "Size: 384 px" in await labels(ada, message)
    await ada.press(message, f"s:up:image_size:{ADA}")
    changed = await ada.wait_for(
        lambda one: any(button["text"] == "Size: 512 px" for button in buttons(one))
    )
    assert changed["id"] == message["id"]
    assert "image_size=512" in words(changed)
    await ada.press(message, f"s:down:image_size:{ADA}")
    await ada.wait_for(lambda one: any(b["text"] == "Size: 384 px" for b in buttons(one)))


async def test_undo_and_reset_go_back(ada: Person) -> None:
    await ada.say("/set style_weight=250 image_size=512")
    await ada.wait_for_text("Style weight is now 250")
    await ada.say("/settings")
    message = await ada.wait_for_text("Tap − and +")
    await ada.press(message, "Undo")
    await ada.wait_for(lambda one: any(b["text"] == "Style: 300" for b in buttons(one)))
    await ada.press(message, "Undo")
    await ada.wait_for(lambda one: any(b["text"] == "Style: 250" for b in buttons(one)))
    await ada.press(message, "Reset")
    await ada.wait_for_text("all at their defaults")


async def test_a_preset_sets_all_that_its_recipe_does_and_can_be_undone(
    ada: Person, rooms: Rooms
) -> None:
    await ada.say("/set image_size=512 seed=7")
    await ada.wait_for_text("Seed is now 7")
    await ada.say("/settings")
    message = await ada.wait_for_text("Tap − and +")
    for recipe in ("gatys", "draft"):
        await ada.press(message, f"s:preset:{recipe}:{ADA}")
        changed = await ada.wait_for(lambda one, word=recipe: f"recipe={word}" in words(one))
        async with rooms.database.read() as session:
            user = await users.get(session, ADA)
        assert user is not None
        assert user.settings == preset(recipe).replace(image_size=512, seed=7)
        marked = [b["text"] for b in buttons(changed)[:3] if b.get("style") == "success"]
        assert marked == [recipe]
    await ada.press(message, "Undo")
    await ada.wait_for(lambda one: "recipe=gatys" in words(one))


async def test_a_line_too_long_for_a_button_is_in_the_message(ada: Person) -> None:
    values = (
        "recipe=gatys image_size=1024 iterations=777 content_weight=7.77 style_weight=777.7 "
        "tv_weight=77.7 strength=77 style_scale=1.77 learning_rate=7.77 colors=histogram "
        "pooling=avg style_layer_weight_exp=1.77 content_weight_blend=0.77 start=noise seed=77 "
        "preview_percent=17 output=both language=en"
    )
    await ada.say(f"/set {values}")
    await ada.wait_for_text("Seed is now 77")
    await ada.say("/settings")
    message = await ada.wait_for_text("Tap − and +")
    assert values in words(message)
    assert not any("copy" in button for button in buttons(message))


async def test_both_pages_together_show_every_setting(ada: Person) -> None:
    await ada.say("/settings")
    message = await ada.wait_for_text("Tap − and +")
    first = await labels(ada, message)
    await ada.press(message, "More")
    await ada.wait_for(lambda one: any("Back" in b["text"] for b in buttons(one)))
    shown = [label.split(":")[0] for label in [*first, *await labels(ada, message)]]
    assert len([label for label in shown if label in {"Size", "Seed", "Pooling", "Output"}]) == 4
    data = [b["data"] for b in buttons(await ada.message(message["id"])) if "data" in b]
    assert any(f"s:help:seed:{ADA}" == one for one in data)


@pytest.mark.parametrize("language", languages())
def test_the_words_between_minus_and_plus_fit_a_third_of_a_phone(language: str) -> None:
    settings = preset("fine").replace(image_size=2048, style_weight=2000, tv_weight=1000)
    chosen = Chosen(settings, Preferences(preview_percent=50))
    for page in (0, 1):
        keyboard = settings_keyboard(chosen, texts_for(language), page=page, owner=ADA, line="")
        for row in keyboard.inline_keyboard:
            if row[0].text == "−":
                assert len(row[1].text) <= 14


async def test_only_a_fixed_seed_has_a_button_that_lets_it_go(ada: Person, rooms: Rooms) -> None:
    await ada.say("/set seed=7")
    await ada.wait_for_text("Seed is now 7")
    await ada.say("/settings")
    message = await ada.wait_for_text("Tap − and +")
    await ada.press(message, "More")
    await ada.wait_for(lambda one: any("Seed: 7" in b["text"] for b in buttons(one)))
    await ada.press(message, f"s:up:seed:{ADA}")
    await ada.wait_for(lambda one: any("Seed: random" in b["text"] for b in buttons(one)))
    data = [b["data"] for b in buttons(await ada.message(message["id"])) if "data" in b]
    assert f"s:up:seed:{ADA}" not in data
    async with rooms.database.read() as session:
        user = await users.get(session, ADA)
    assert user is not None
    assert user.settings.seed is None


async def test_a_name_explains_itself(ada: Person) -> None:
    await ada.say("/settings")
    message = await ada.wait_for_text("Tap − and +")
    answer = await ada.press(message, f"s:help:style_weight:{ADA}")
    assert answer
    assert "How strongly the style shows" in answer["text"]
    assert "0 to 1000000" in answer["text"]


async def test_the_copied_line_recreates_the_settings(ada: Person) -> None:
    await ada.say("/set seed=7 colors=luma tv_weight=12.5")
    await ada.wait_for_text("Smoothness is now 12.5")
    await ada.say("/settings")
    message = await ada.wait_for_text("Tap − and +")
    line = next(button["copy"] for button in buttons(message) if "copy" in button)
    await ada.press(message, "Reset")
    await ada.wait_for_text("all at their defaults")
    await ada.say(line)
    await ada.say("/settings")
    again = await ada.wait_for(lambda one: one["id"] > message["id"] and "Tap" in words(one))
    assert line in words(again)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("/set style_weight 9e9", "takes 0 to 1000000. The nearest is /set style_weight 1000000"),
        ("/set image_size 10", "takes 64 to 2048 px. The nearest is /set image_size 64"),
        ("/set pooling maxx", "takes max, avg. The nearest is /set pooling max"),
        ("/set iterations many", "takes 1 to 5000."),
        ("/set iterations nan", "takes 1 to 5000."),
        ("/set iterations inf", "takes 1 to 5000. The nearest is /set iterations 5000"),
        ("/set style_weigth 3", "Did you mean style_weight?"),
        ("/set qqq 3", "no setting called “qqq”"),
        ("/set", "Write a name and a value"),
        ("/settings style_weight=200", "Style weight is now 200."),
        ("/settings@easel_bot style_weight=200", "Style weight is now 200."),
        ("/set STYLE_WEIGHT = 200", "Style weight is now 200."),
    ],
)
async def test_text_changes_a_setting_or_says_what_would_be_right(
    ada: Person, text: str, answer: str
) -> None:
    await ada.say(text)
    await ada.wait_for_text(answer)


async def test_one_wrong_value_changes_nothing(ada: Person, rooms: Rooms) -> None:
    await ada.say("/set style_weight=200 image_size=1")
    await ada.wait_for_text("The nearest is")
    async with rooms.database.read() as session:
        user = await users.get(session, ADA)
    assert user is not None
    assert user.settings.style_weight == 300


async def test_a_changed_setting_changes_the_next_result(ada: Person, picture: Picture) -> None:
    await ada.say("/set image_size 64")
    await ada.wait_for_text("Size is now")
    await ada.send_album([picture("red", (400, 200)), picture("blue")])
    done = await ada.wait_for_text(" px, ", 30)
    assert "64 px, 20 steps" in words(done)
    assert Image.open(io.BytesIO(await ada.download(done["photo"]))).size == (64, 32)


async def test_nobody_changes_somebody_elses_settings(ada: Person) -> None:
    group = ada.also(chat=PAINTERS)
    await group.say("/settings@easel_bot")
    message = await group.wait_for_text("Tap − and +")
    boris = ada.also(user=BORIS, chat=PAINTERS)
    answer = await boris.press(message, f"s:up:image_size:{ADA}")
    assert answer
    assert "чужие" in answer["text"]


async def test_the_language_is_the_persons_and_can_be_chosen(ada: Person) -> None:
    boris = ada.also(user=BORIS, chat=BORIS)
    await boris.say("/help")
    await boris.wait_for_text("Как написать картину")
    await boris.say("/set language en")
    await boris.wait_for_text("Language is now English")


async def test_every_declared_setting_has_a_row() -> None:
    from bot.keyboards import pages

    assert {setting.name for page in pages() for setting in page} == set(BY_NAME)
