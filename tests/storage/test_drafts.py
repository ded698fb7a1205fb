"""The lone photo that waits for its style."""

from __future__ import annotations

from storage import drafts


async def put(session, chat_id=-5, **more):
    values = {"content_file_id": "a", "content_unique_id": "u", "message_id": 1, **more}
    return await drafts.put(session, chat_id, 1, **values)


async def test_a_new_photo_takes_the_place_of_the_old_one(db, add_user):
    async with db.write() as session:
        await add_user(session, 1)
        await put(session, prompt_message_id=9)
        await put(session, content_file_id="b")
        draft = await drafts.get(session, -5, 1)
    assert (draft.content_file_id, draft.prompt_message_id) == ("b", None)


async def test_a_draft_is_taken_once(db, add_user):
    async with db.write() as session:
        await add_user(session, 1)
        await put(session)
    async with db.write() as session:
        assert (await drafts.take(session, -5, 1)).content_file_id == "a"
        assert await drafts.take(session, -5, 1) is None
        assert await drafts.get(session, -5, 1) is None


async def test_each_chat_has_its_own_draft(db, add_user):
    async with db.write() as session:
        await add_user(session, 1)
        await put(session, chat_id=-5)
        await put(session, chat_id=-6, content_file_id="other")
        await drafts.take(session, -5, 1)
        assert (await drafts.get(session, -6, 1)).content_file_id == "other"
