import typing

import pytest

from hegui.catalogue.behaviours import acts
from hegui.catalogue.behaviours.acts import Topic, tells


def test_the_topics_are_those_of_the_file() -> None:
    assert set(acts._patterns()) == set(typing.get_args(Topic))


@pytest.mark.parametrize(
    ("topic", "text", "told"),
    [
        ("starts_camera_or_microphone", "扫一扫", True),
        ("starts_camera_or_microphone", "拍卖会", False),
        ("starts_camera_or_microphone", "Video  Call", True),
        ("starts_camera_or_microphone", "Recall all comics", False),
        ("stops_camera_or_microphone", "挂断", True),
        ("uploads", "发送验证码", False),
        ("uploads", "发送验证码并上传头像", True),
        ("about_others", "通话", True),
        ("about_others", "消息推送", False),
        ("document_image", "data.idcard_front", True),
        ("document_image", "face.image", False),
        ("other_way", None, False),
    ],
)
def test_a_text_tells_its_topic_by_whole_words(topic: Topic, text: str | None, told: bool) -> None:
    assert tells(topic, text) is told
