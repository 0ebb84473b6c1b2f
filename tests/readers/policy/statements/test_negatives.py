import pytest

from hegui.readers.policy.statements import read_statements
from tests.readers.policy.statements.policies import policy_of


def denied(text: str, heading: str = "# 一、我们如何收集信息") -> set[str]:
    return {one.value for one in read_statements(policy_of(f"{heading}\n{text}\n")).negatives}


DENIED = [
    ("我们不会收集您的通讯录、短信内容。", {"collect:contacts", "collect:sms"}),
    ("我们不会读取您的剪贴板。", {"collect:clipboard"}),
    ("我们不会上传您的应用列表。", {"upload:app_list"}),
    ("我们不会存储您的人脸信息。", {"store:biometric.face"}),
    ("我们会在本地处理您的指纹，不会上传至服务器。", {"upload:biometric.finger"}),
    ("我们不会向第三方提供您的手机号码。", {"share:account.phone"}),
    ("我们不会向任何第三方出售您的个人信息。", {"share:"}),
    ("我们不会分享可识别您身份的信息，例如您的姓名、身份证号。", {"share:account.name", "share:account.id_number"}),
    ("本应用不收集任何个人信息。", {"collect:"}),
    ("We do not collect your contacts.", {"collect:contacts"}),
    ("我们不会录音。", {"collect:audio"}),
    ("本应用不读取剪贴板。", {"collect:clipboard"}),
    ("我们不会将收集的手机号码提供给第三方。", {"share:account.phone"}),
    ("我们不会收集您的通讯录，如您拒绝授权，不影响使用。", {"collect:contacts"}),
    ("我们不会主动读取您的通讯录。", {"collect:contacts"}),
]


@pytest.mark.parametrize(("text", "values"), DENIED)
def test_what_is_denied(text: str, values: set[str]) -> None:
    assert denied(text) == values


NONE = [
    "未经您同意，我们不会收集您的通讯录。",
    "除非获得您的同意，我们不会向第三方提供您的手机号码。",
    "除法律另有规定外，我们不会披露您的个人信息。",
    "我们不会将您的手机号码提供给第三方，但以下情况除外：",
    "如您不提供手机号码，将无法注册。",
    "不提供手机号码将无法注册。",
    "您可以选择不提供手机号码。",
    "关闭权限后，我们将不再收集您的位置信息。",
    "我们不会因您同意本政策而强制收集您的手机号码。",
    "这不会影响您使用我们提供的搜索记录功能。",
    "第三方不会收集您的手机号码。",
    "我们不仅收集您的手机号码，还会收集您的昵称。",
    "您的手机号码不会用于广告。",
    "Without your consent, we will not share your phone number.",
    "本应用不收集敏感个人信息。",
    "我们不收集其他个人信息。",
    "我们不会在后台获取位置。",
    "我们不会在后台录音。",
]


@pytest.mark.parametrize("text", NONE)
def test_a_condition_or_another_subject_denies_nothing(text: str) -> None:
    assert denied(text) == set()
