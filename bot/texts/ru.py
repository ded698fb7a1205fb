"""The words of the bot in Russian."""

from __future__ import annotations

NAME = "Русский"


def plural(number: int) -> str:
    """'one' for 1, 21, 31…; 'few' for 2-4, 22-24…; else 'many'."""
    if number % 10 == 1 and number % 100 != 11:
        return "one"
    if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14):
        return "few"
    return "many"


TEXTS: dict[str, str | dict[str, str]] = {
    # команды
    "command.start": "что умеет этот бот",
    "command.help": "как им пользоваться",
    "command.settings": "размер, веса, цвета и другое",
    "command.set": "одна настройка строкой, например /set style_weight 200",
    "command.queue": "как идут ваши картины",
    "command.cancel": "остановить текущую картину",
    "command.privacy": "что я храню и как долго",
    "command.forget": "стереть всё ваше",
    # первые слова
    "start": (
        "<b>Пришлите два фото.</b> Первое я напишу в стиле второго.\n\n"
        "Или пришлите одно и выберите картину из моей галереи. Остальное расскажет /help."
    ),
    "help": (
        "<b>Как написать картину</b>\n"
        "• Два фото, альбомом или одно за другим: первое будет написано в стиле второго. "
        "Если фото в альбоме больше, стили смешаются.\n"
        "• Одно фото: выберите картину из галереи.\n"
        "• Фото в ответ на другое: то, другое, будет написано в стиле вашего.\n"
        "• В подписи можно сказать, как: <code>great-wave</code>, <code>стиль 200, сохрани "
        "цвета</code>, <code>размер 512</code>, а для нескольких стилей <code>70/30</code>.\n"
        "• Ответьте на картинку <code>/save monet</code>: она станет вашим стилем.\n"
        "• Присылайте картинки файлом, тогда Telegram их не сожмёт.\n\n"
        "Пока я пишу, сообщение показывает картину. <b>Достаточно</b> остановит раньше и "
        "сохранит её.\n\n{commands}"
    ),
    "not_understood": "Я пишу картины по фото. Пришлите два, или одно, и выберите стиль. /help",
    "gallery": (
        "<b>Теперь стиль.</b> Пришлите вторую картинку или выберите одну из этих картин по номеру."
    ),
    "gallery.gone": "Это фото больше не ждёт. Пришлите его, пожалуйста, ещё раз.",
    # живое сообщение
    "queued.next": "⏳ <b>{title}</b>\nВ очереди, эта картина следующая.",
    "queued": {
        "one": "⏳ <b>{title}</b>\nВ очереди, перед вами {n} картина.",
        "few": "⏳ <b>{title}</b>\nВ очереди, перед вами {n} картины.",
        "many": "⏳ <b>{title}</b>\nВ очереди, перед вами {n} картин.",
    },
    "queued.time": "Осталось примерно {time}.",
    "queued.takes": "Это займёт примерно {time}.",
    "starting": "🎨 <b>{title}</b>\nСмешиваю краски…",
    "again": "🎨 <b>{title}</b>\nХудожника прервали; продолжаю с того же места.",
    "painting": "🎨 <b>{title}</b>\n{bar} {percent} %\nШаг {step} из {steps}",
    "painting.time": "ещё {time}",
    "stopping": "Заканчиваю; останется лучшее, что получилось…",
    "done": "<b>{title}</b>\n{size} пикс., шагов: {steps}, {time}",
    "done.stopped": "<b>{title}</b>\nОстановлено на шаге {step} из {steps}: лучшее из всего.",
    "cancelled": "<b>{title}</b>\nОтменено.",
    "failed": "<b>{title}</b>\n{reason}",
    "original": "<b>{title}</b>, в полном качестве",
    "title": "В стиле: {styles}",
    "your_picture": "ваша картинка",
    "your_pictures": {
        "one": "{n} ваша картинка",
        "few": "{n} ваши картинки",
        "many": "{n} ваших картинок",
    },
    # причины
    "reason.not_an_image": "Это не картинка, которую я умею читать. "
    "Подойдут JPEG, PNG, WebP, HEIC и TIFF.",
    "reason.truncated": "Картинка повреждена или обрезана. Пришлите её, пожалуйста, ещё раз.",
    "reason.empty": "Файл пустой.",
    "reason.too_small": "Картинка {width}×{height} пикс., а нужно хотя бы {minimum} пикс. "
    "с каждой стороны.",
    "reason.too_many_pixels": "В картинке {megapixels} мегапикселей, а можно до {limit}.",
    "reason.too_many_bytes": "Файл больше {megabytes} МБ, столько я не могу загрузить.",
    "reason.not_fetched": "Не удалось получить картинку от Telegram. Пришлите её ещё раз.",
    "reason.out_of_memory": "Картинка слишком велика для этой машины. "
    "Выберите размер поменьше в /settings.",
    "reason.worker_lost": "Художник несколько раз останавливался на этой картине, и я сдался. "
    "Может помочь размер поменьше в /settings.",
    "reason.lease_expired": "Меня несколько раз прерывали на этой картине, и я сдался. "
    "Пришлите её, пожалуйста, ещё раз.",
    "reason.invalid_input": "Это не написать: {sentence}",
    "reason.trouble": "У меня что-то сломалось. Попробуйте, пожалуйста, ещё раз.",
    # кнопки
    "button.keep": "Достаточно",
    "button.discard": "Отмена",
    "button.discard.really": "Выбросить",
    "button.original": "Оригинал PNG",
    "button.undo": "Вернуть",
    "button.reset": "Сбросить",
    "button.more": "Ещё ▸",
    "button.less": "◂ Назад",
    "button.copy": "Скопировать командой",
    # ответы
    "answer.stale": "Эта кнопка больше не работает.",
    "answer.foreign": "Это чужая картина.",
    "answer.foreign_settings": "Это чужие настройки. Свои откроет /settings.",
    "answer.keep": "Останавливаю и сохраняю лучшее.",
    "answer.discard": "Останавливаю. Нажмите ещё раз, чтобы выбросить картину.",
    "answer.discarded": "Отменено.",
    "answer.already_done": "Она уже готова.",
    "answer.original": "Отправляю.",
    "answer.end_of_ladder": "Дальше кнопками нельзя: {allowed}.",
    "answer.nothing_to_undo": "Возвращать нечего.",
    "cancel.nothing": "Ничего вашего не ждёт и не пишется.",
    "cancel.done": {
        "one": "Отменена {n} картина в очереди.",
        "few": "Отменены {n} картины в очереди.",
        "many": "Отменено {n} картин в очереди.",
    },
    "cancel.stopping": "Останавливаю текущую картину и сохраняю лучшее. "
    "Ещё раз /cancel, чтобы её выбросить.",
    "cancel.discarding": "Останавливаю текущую картину и выбрасываю её.",
    "queue.empty": "Ничего вашего не ждёт и не пишется. Пришлите фото!",
    "queue.heading": "<b>Ваши картины</b>",
    "queue.running": "🎨 {title}: шаг {step} из {steps}",
    "queue.starting": "🎨 {title}: начинаю",
    "queue.waiting": "⏳ {title}: {place}-я в очереди",
    "queue.total": {
        "one": "Всего в очереди {n} картина.",
        "few": "Всего в очереди {n} картины.",
        "many": "Всего в очереди {n} картин.",
    },
    "too_many.user": {
        "one": "У вас уже ждёт {n} картина, а можно до {limit}; "
        "пришлите эту ещё раз, когда та будет готова.",
        "few": "У вас уже ждут {n} картины, а можно до {limit}; "
        "пришлите эту ещё раз, когда одна будет готова.",
        "many": "У вас уже ждёт {n} картин, а можно до {limit}; "
        "пришлите эту ещё раз, когда одна будет готова.",
    },
    "too_many.all": {
        "one": "Очередь сейчас полна: ждёт {n} картина, а можно до {limit}; "
        "попробуйте, пожалуйста, немного позже.",
        "few": "Очередь сейчас полна: ждут {n} картины, а можно до {limit}; "
        "попробуйте, пожалуйста, немного позже.",
        "many": "Очередь сейчас полна: ждёт {n} картин, а можно до {limit}; "
        "попробуйте, пожалуйста, немного позже.",
    },
    # личное
    "privacy": (
        "<b>Что я храню</b>\n"
        "• Ваш номер в Telegram, язык, настройки и сохранённые стили: пока вы их не сотрёте.\n"
        "• Ваши фото и то, что из них написано: {pictures}.\n"
        "• Промежуточные картинки: {previews} после окончания картины.\n"
        "• То, что вы пишете: пока я не отвечу.\n"
        "• Пометка, что сообщение пришло, и фото, которое ждёт стиля: {mail}.\n"
        "• Сколько я писал для вас сегодня: до полуночи (UTC).\n\n"
        "Всё это остаётся на машине, где работает бот. /forget стирает всё сразу, кроме "
        "сегодняшних минут и того, что решил о вас владелец бота."
    ),
    "privacy.days": {"one": "{n} день", "few": "{n} дня", "many": "{n} дней"},
    "privacy.pictures": {
        "one": "{n} день после окончания картины",
        "few": "{n} дня после окончания картины",
        "many": "{n} дней после окончания картины",
    },
    "privacy.always": "пока вы их не сотрёте",
    "forget.ask": "<b>Стереть всё ваше?</b>\nФото, картины, настройки и стили исчезнут навсегда, а "
    "то, что пишется, остановится. То, что видно в чате, удалите сами.",
    "forget.done": "Всё ваше стёрто.",
    "forget.kept": "Ничего не стёрто.",
    "button.erase": "Стереть всё",
    "button.erase.not": "Оставить",
    "answer.foreign_question": "Спросили не вас. Своё сотрёт /forget.",
    # группы
    "anonymous": "Вы пишете от имени группы, и я не знаю, чьи картины и настройки имеются в виду; "
    "отключите анонимность в своих правах и напишите ещё раз.",
    # владелец
    "command.admin": "смотреть за ботом и управлять им",
    "admin.help": "<b>Для владельца</b>\n{commands}",
    "admin.usage": "Напишите так: <code>{usage}</code>",
    "admin.stats.help": "люди, картины за сегодня, ожидание, диск и устройства",
    "admin.queue.help": "что пишется и что ждёт",
    "admin.ban.help": "больше не слышать человека и остановить его картины",
    "admin.unban.help": "слышать снова (или: allow)",
    "admin.quota.help": "минут в день для одного человека; 0 без предела",
    "admin.drain.help": "закончить начатое и больше не брать",
    "admin.broadcast.help": "сказать что-то всем",
    "admin.cancel.help": "остановить картину по началу её номера",
    "admin.stats": (
        "<b>Люди</b>: {people} (заблокировали меня: {blocked}, забанены: {banned})\n"
        "<b>Заказано сегодня</b>: написано {succeeded}, не вышло {failed}, отменено {cancelled}, "
        "пишется {doing}, ждёт {todo}\n"
        "<b>Очередь</b>: пишется {running}, ждёт {waiting}\n"
        "<b>Медиана последних</b>: ожидание {wait} с, работа {run} с\n"
        "<b>Диск</b>: занято {used} МБ, свободно {free} МБ\n"
        "<b>Устройства</b>: {devices}"
    ),
    "admin.stats.service": (
        "<b>Дольше всех ждут</b>: картина {picture} с, обновление {update} с (открыто {updates}), "
        "сообщение человеку {call} с (осталось {calls})\n"
        "<b>С запуска</b>: просьб о паузе {floods}; ход работы показан {edits} раз, в "
        "среднем через {delay} с; неудачные попытки: {failures}\n"
        "<b>Шагов в секунду</b>: {speed}"
    ),
    "admin.queue.empty": "Ничего не пишется и не ждёт.",
    "admin.queue": "<b>Пишется: {running}, ждёт: {waiting}</b>\n"
    "Остановить: <code>/admin cancel</code> и номер.",
    "admin.queue.running": "🎨 <code>{job}</code> у <code>{owner}</code>: шаг {step} из {steps}",
    "admin.queue.waiting": "⏳ <code>{job}</code> у <code>{owner}</code>: ждёт {time}",
    "admin.queue.more": {"one": "и ещё {n}", "few": "и ещё {n}", "many": "и ещё {n}"},
    "admin.ban": {
        "one": "Бан для {id}: остановлена {n} картина.",
        "few": "Бан для {id}: остановлены {n} картины.",
        "many": "Бан для {id}: остановлено {n} картин.",
    },
    "admin.ban.admin": "Это владелец; сначала уберите номер из ADMIN_USER_IDS.",
    "admin.unban": "Бан с {id} снят.",
    "admin.unban.free": "У {id} и не было бана.",
    "admin.unban.unlisted": "У {id} бана нет, но нет и места в ALLOWED_TELEGRAM_USER_IDS, "
    "поэтому я его не слышу.",
    "admin.quota": {
        "one": "{id} может писать {n} минуту в день.",
        "few": "{id} может писать {n} минуты в день.",
        "many": "{id} может писать {n} минут в день.",
    },
    "admin.quota.free": "{id} может писать без предела.",
    "admin.drain": "Заканчиваю: пишется {running}, это я допишу; ждёт {waiting}, до "
    "<code>/admin drain off</code>. Новых картин не беру.",
    "admin.drain.off": "Снова беру картины; пишется {running}, ждёт {waiting}.",
    "admin.broadcast": {
        "one": "Отправляю {n} человеку; расскажу, как прошло.",
        "few": "Отправляю {n} людям; расскажу, как прошло.",
        "many": "Отправляю {n} людям; расскажу, как прошло.",
    },
    "admin.broadcast.done": "Рассылка прошла: доставлено {sent}, не доставлено {failed}, "
    "ещё в пути {left}.",
    "admin.cancel": "Останавливаю {job} у {owner}.",
    "admin.cancel.none": "Ничто из того, что пишется или ждёт, не начинается с {job}.",
    "admin.cancel.many": "С {job} начинается больше одного номера; напишите подлиннее.",
    # справедливые доли
    "draining": "Сейчас я не беру новых картин: скоро небольшой перерыв на обслуживание. "
    "Пришлите эту, пожалуйста, немного позже.",
    "quota.left": {
        "one": "Сегодня у вас осталось {left} из {n} минуты; обновится через {reset}.",
        "few": "Сегодня у вас осталось {left} из {n} минут; обновится через {reset}.",
        "many": "Сегодня у вас осталось {left} из {n} минут; обновится через {reset}.",
    },
    "quota.short": {
        "one": "Эту картину писать примерно {takes}, а на сегодня у вас осталось {left} из {n} "
        "минуты; обновится через {reset}.",
        "few": "Эту картину писать примерно {takes}, а на сегодня у вас осталось {left} из {n} "
        "минут; обновится через {reset}.",
        "many": "Эту картину писать примерно {takes}, а на сегодня у вас осталось {left} из {n} "
        "минут; обновится через {reset}.",
    },
    "too_many_bytes": "Файл больше {megabytes} МБ, а больше боту не загрузить. "
    "Пришлите его как фото или поменьше.",
    "not_a_picture": "Это не картинка. Пришлите фото или картинку файлом.",
    "moving": "Я пишу только неподвижные картинки, а эта движется. "
    "Пришлите фото или снимок экрана.",
    "album.one_picture": "Здесь только одна картинка; пришлите вторую, для стиля.",
    "trouble": "Простите, на вашем последнем сообщении у меня что-то сломалось. "
    "Попробуйте ещё раз.",
    # настройки
    "settings": "<b>Настройки</b>\n− и + меняют значение, имя расскажет о настройке, "
    "верхний ряд задаёт сразу несколько. "
    "Действуют для следующих картин.\n\n<code>{line}</code>",
    "settings.defaults": "всё по умолчанию",
    "settings.changed": "<b>{label}</b>: теперь <b>{value}</b>.",
    "settings.unknown": "Настройки «{name}» нет. Все настройки покажет /settings.",
    "settings.closest": "Настройки «{name}» нет. Может быть, {closest}?",
    "settings.usage": "Напишите имя и значение, например <code>/set style_weight 200</code>.",
    "settings.refused": "<b>{label}</b> принимает {allowed}.",
    "settings.refused.nearest": "<b>{label}</b> принимает {allowed}. Ближайшее: "
    "<code>/set {name} {nearest}</code>.",
    "settings.range": "от {low} до {high} {unit}",
    "settings.or_random": "или random (случайно)",
    "settings.help": "{help}\nЗначения: {allowed}",
    "setting.recipe": "Рецепт",
    "setting.image_size": "Размер",
    "setting.iterations": "Шаги",
    "setting.content_weight": "Вес фото",
    "setting.style_weight": "Вес стиля",
    "setting.tv_weight": "Гладкость",
    "setting.style_scale": "Масштаб стиля",
    "setting.learning_rate": "Скорость обучения",
    "setting.colors": "Цвета",
    "setting.strength": "Сила",
    "setting.pooling": "Пулинг",
    "setting.style_layer_weight_exp": "Акцент слоёв",
    "setting.content_weight_blend": "Смесь содержания",
    "setting.start": "Начало",
    "setting.seed": "Зерно",
    "setting.preview_percent": "Показ каждые",
    "setting.output": "Результат",
    "setting.language": "Язык",
    "setting.content_weight.short": "Фото",
    "setting.style_weight.short": "Стиль",
    "setting.tv_weight.short": "Гладко",
    "setting.style_scale.short": "Масштаб",
    "setting.learning_rate.short": "Скорость",
    "setting.strength.short": "Доля",
    "setting.style_layer_weight_exp.short": "Слои",
    "setting.content_weight_blend.short": "Смесь",
    "setting.preview_percent.short": "Показ",
    "setting.recipe.help": (
        "fine для хорошей картины, draft для быстрой пробы, gatys это исходный алгоритм 2015 года."
    ),
    "setting.image_size.help": "Длинная сторона. Вдвое больше: вчетверо дольше.",
    "setting.iterations.help": "Сколько раз картина улучшается.",
    "setting.content_weight.help": "Насколько результат держится фото.",
    "setting.style_weight.help": "Насколько заметен стиль.",
    "setting.tv_weight.help": "Больше: глаже, меньше: зернистее.",
    "setting.style_scale.help": "Размер картины-стиля, а с ним и мазков.",
    "setting.learning_rate.help": "Как далеко ведёт каждый шаг.",
    "setting.colors.help": "Цвета стиля или вашего фото одним из четырёх способов.",
    "setting.strength.help": "Сколько взять от стиля: при 0 % фото остаётся как есть.",
    "setting.pooling.help": "Как сеть уменьшает картинки: max чётче, avg мягче.",
    "setting.style_layer_weight_exp.help": "Меньше 1 важнее фактура, больше 1 крупные формы.",
    "setting.content_weight_blend.help": "1 хранит больше деталей фото, 0 только расположение.",
    "setting.start.help": "Начать с фото или с шума (дольше и смелее).",
    "setting.seed.help": "То же зерно даст ту же картину; /set seed 7 задаст его, "
    "а кнопка потом отпустит.",
    "setting.preview_percent.help": "Как часто обновляется картина в чате.",
    "setting.output.help": "Прислать фото, файл PNG или и то и другое.",
    "setting.language.help": "На каком языке я с вами говорю.",
    "value.colors.style": "стиля",
    "value.colors.luma": "фото",
    "value.colors.oklab": "фото, сочнее",
    "value.colors.histogram": "фото, распределены заново",
    "value.colors.match": "стиль в тонах фото",
    "value.start.noise": "шум",
    "value.start.content": "фото",
    "value.output.photo": "фото",
    "value.output.file": "файл",
    "value.output.both": "фото и файл",
    "value.language.auto": "авто",
    "value.random": "случайно",
    # что можно после
    "reuse": "Пришлите фото, и я напишу его в этом стиле.",
    "reuse.group": "Пришлите фото ответом на это сообщение, и я напишу его в этом стиле.",
    "deleted": "Удалено.",
    "button.weaker": "Слабее",
    "button.stronger": "Сильнее",
    "button.larger": "Крупнее",
    "button.colors.photo": "Цвета фото",
    "button.colors.style": "Цвета стиля",
    "button.again": "🎲 Ещё раз",
    "button.restyle": "Другой стиль",
    "button.reuse": "Другое фото",
    "button.delete": "Удалить",
    "button.delete.really": "Да, удалить",
    "answer.ordered": "Новая картина скоро появится.",
    "answer.under_way": "Эта картина уже на подходе.",
    "answer.strongest": "Сильнее уже некуда.",
    "answer.weakest": "Слабее уже некуда.",
    "answer.largest": "Больше {size} пикс. нельзя.",
    "answer.photo_is_small": "В самом фото только {size} пикс. Пришлите его покрупнее, файлом.",
    "answer.gone": "Нужные для этого файлы уже не хранятся. Пришлите, пожалуйста, фото ещё раз.",
    "answer.delete": "Удалить насовсем?",
    "answer.spared": "Остаётся.",
    "answer.deleted": "Удалено.",
    # единицы
    "unit.px": "пикс.",
    "seconds": "{count} с",
    "minutes": "{count} мин",
    "hours": "{count} ч",
    # подписи: списки оборотов, понятных на всех языках сразу
    "caption.name.style_weight": "стиль",
    "caption.name.content_weight": "содержание",
    "caption.name.style_scale": "мазки, кисть",
    "caption.name.iterations": "шаг, шага, шагов",
    "caption.is.colors.luma": "оставь цвета, оставить цвета, сохрани цвета, сохранить цвета, "
    "цвета фото, свои цвета",
    "caption.up.style_scale": "мазки крупнее, крупнее мазки, крупные мазки",
    "caption.down.style_scale": "мазки мельче, мельче мазки, мелкие мазки",
    "caption.up.style_weight": "сильнее, стиль сильнее, больше стиля",
    "caption.down.style_weight": "слабее, стиль слабее, меньше стиля",
    "caption.fillers": "пожалуйста, и, с, в стиле, пикс, процентов",
    # ответы на подпись
    "quoted": "«{words}»",
    "caption.unknown": "Не понимаю {words}, обойдусь без этого.",
    "caption.unknown.nearest": "Не понимаю {words}, обойдусь без этого. "
    "Может быть, <code>{nearest}</code>?",
    "caption.refused": "<b>{label}</b> принимает {allowed}, остаётся {value}.",
    "caption.shares": "Доли {shares} не подходят: у вас {n}. Смешаю поровну.",
    "caption.shares.n": {"one": "{n} стиль", "few": "{n} стиля", "many": "{n} стилей"},
    "caption.noted": "Учту для этого фото: {changes}.",
    # какая картинка что значит, смесь, обмен
    "roles.first": "Пишу первую картинку, вторая даёт стиль.",
    "roles.second": "Пишу вторую картинку, первая даёт стиль.",
    "roles.many": "Пишу первую картинку, остальные дают стиль.",
    "blend": "Смесь стилей: {shares}",
    "blend.share": "{n}. {percent} %",
    "blend.most": "У стиля {n} уже {percent} %, больше кнопками нельзя.",
    "blend.too_late": "Картина уже пишется, смесь решена.",
    "this_time": "В этот раз: {changes}",
    "swap.done": "Поменял местами.",
    "swap.again": "Начинаю заново, наоборот.",
    "swap.too_late": "Картина уже останавливается.",
    "button.swap": "⇄ Наоборот",
    "button.more_of": "Больше № {n}",
    "button.even": "Поровну",
    # свои стили
    "command.save": "сохранить картинку как свой стиль: ответьте на неё /save monet",
    "command.styles": "ваши стили",
    "style.usage": "Ответьте на картинку <code>/save monet</code> или пришлите картинку с такой "
    "подписью, и я сохраню её как ваш стиль.",
    "style.bad_name": "Имя стиля: от 1 до 32 букв, цифр и дефисов, например "
    "<code>/save monet</code>.",
    "style.taken": "«{name}» в подписи уже что-то значит. Выберите, пожалуйста, другое имя.",
    "style.exists": "Стиль <b>{name}</b> у вас уже есть. Сначала удалите его в /styles "
    "или выберите другое имя.",
    "style.too_many": {
        "one": "У вас {n} стиль, больше не поместится. Сначала удалите его в /styles.",
        "few": "У вас {n} стиля, больше не поместится. Сначала удалите один в /styles.",
        "many": "У вас {n} стилей, больше не поместится. Сначала удалите один в /styles.",
    },
    "style.saved": "Сохранил как <b>{name}</b>. Напишите <code>{name}</code> в подписи к фото "
    "или найдите его в /styles.",
    "style.lost": "Не удалось сохранить <b>{name}</b>. {reason}",
    "style.gone": "Этого стиля больше нет.",
    "style.no_photo": "Сначала пришлите фото, или сразу фото с подписью {name}.",
    "style.one_at_a_time": "Сохраняйте, пожалуйста, по одной картинке.",
    "styles": "<b>Ваши стили</b>\n{names}\n\nНомер: написать в этом стиле фото, которое ждёт; "
    "имя можно написать в подписи.",
    "styles.delete": "<b>Какой стиль удалить?</b>\n{names}",
    "styles.none": "Своих стилей у вас пока нет. Ответьте на картинку "
    "<code>/save monet</code>, и я её сохраню.",
    "styles.own": "<b>Теперь стиль.</b> Это ваши.\n{names}",
    "button.own_styles": "Мои стили ▸",
    "button.delete_styles": "Удалить…",
    "button.done": "Готово",
    "button.gallery": "◂ Галерея",
    "answer.foreign_styles": "Это чужие стили. Свои покажет /styles.",
}
