"""An invented regulation about cats, and builders for copies of it: no official wording stands in the repository."""

from collections.abc import Sequence

from hegui.law.text import OfficialText, numeral, parse_official_text

TITLE = "园区流浪猫照料暂行规定"

# {n} is a reference to the n-th article of this list, wherever it stands in a copy.
CATS: tuple[str, ...] = (
    "为了照料园区里的流浪猫，保护园区居民的安宁，根据园区公约，制定本规定。",
    "居住在园区内的人喂养、收留、运送流浪猫，适用本规定。\n家猫走失不足三日的，不适用本规定。",
    "喂养人应当在划定的喂食点投放猫粮，不得在楼道、车库投放。投放后应当在30分钟内清理容器。",
    "喂养人应当建立照料记录，逐项写明下列内容：\n（一）猫的毛色、体态和识别标记；\n（二）投喂的时间、地点和数量；\n"
    "（三）送医的日期和诊断结果；\n（四）公约规定的其他内容。\n前款记录应当保存至少6个月。",
    "收留流浪猫的，应当自收留之日起7个工作日内向管理处登记。管理处收到登记后可以上门查看。",
    "登记的内容发生变化的，收留人应当依照第{4}条的规定更新记录，并告知管理处。",
    "管理处应当在公告栏公布喂食点的位置和开放时间。\n喂食点的位置调整的，应当提前5日公布，并听取居民意见。",
    "运送流浪猫应当使用通风的航空箱，途中不得把猫关在汽车的后备箱里。",
    "兽医站接诊流浪猫的，应当查验耳标。没有耳标的，可以代为申领，不得因此拒绝接诊。",
    "居民对喂食点有意见的，可以向管理处投诉。管理处应当在15个工作日内答复。",
    "鼓励居民委员会组织绝育活动，绝育费用由园区公益金承担。",
    "违反本规定第{3}条的，由管理处劝导；劝导三次仍不改正的，公示一个月。",
)  # fmt: skip


def official(bodies: Sequence[str], title: str = TITLE, order: Sequence[int] | None = None) -> OfficialText:
    """The text of these articles, numbered from 1. `order`: which article of CATS each is, for the references; 0 none."""
    return parse_official_text(written(bodies, title, order).encode(), "invented.txt")


def written(bodies: Sequence[str], title: str = TITLE, order: Sequence[int] | None = None) -> str:
    order = order or range(1, len(bodies) + 1)
    now = {was: at for at, was in enumerate(order, 1)}

    def numbered(body: str) -> str:
        for was in range(1, len(CATS) + 1):
            body = body.replace(f"第{{{was}}}条", f"第{numeral(now.get(was, was))}条")
        return body

    articles = "\n".join(f"第{numeral(at)}条　{numbered(body)}" for at, body in enumerate(bodies, 1))
    return f"{title}\n{articles}\n"
