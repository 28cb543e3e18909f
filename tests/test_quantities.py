"""The number grammar: what it reads, with which value, and what it leaves out. All sentences are invented."""

import time
from decimal import Decimal

import pytest
from cn2an import an2cn
from gongkai.extraction.narrative.quantities import Quantity, find_quantities
from gongkai.extraction.normalise import normalise
from hypothesis import given, settings
from hypothesis import strategies as st


def read(sentence: str) -> list[tuple[str, int | float, str | None, str]]:
    text = normalise(sentence).text
    return [(text[q.start : q.end], q.value, q.unit, q.hedge) for q in find_quantities(text)]


COUNTS = [
    # hedges before and after, doubled, and words that only look like one
    ("全年推送图文约360条", "约360条", 360, "条", "about"),
    ("接待来访群众近3000名", "近3000名", 3000, "名", "about"),
    ("发放折页逾5000份", "逾5000份", 5000, "份", "over"),
    ("参与人数超过6.5万人次", "超过6.5万人次", 65000, "人次", "over"),
    ("关注人数突破8.6万", "突破8.6万", 86000, None, "over"),
    ("参会人员不足10人", "不足10人", 10, "人", "under"),
    ("现场咨询120人次以上", "120人次以上", 120, "人次", "over"),
    ("组织讲座30场左右", "30场左右", 30, "场", "about"),
    ("公开各类信息5213余条", "5213余条", 5213, "条", "over"),
    ("发放宣传册12000多份", "12000多份", 12000, "份", "over"),
    ("推送图文约3600余条", "约3600余条", 3600, "条", "about"),
    ("单篇阅读量超10万余次", "超10万余次", 100000, "次", "over"),
    ("文章阅读量10万+", "10万+", 100000, None, "over"),
    ("网上预约办理320件", "320件", 320, "件", "exact"),
    ("最近3次发布会", "3次", 3, "次", "exact"),
    ("侦破130余起", "130余起", 130, "起", "over"),
    ("政策类信息约占31.58%", "31.58%", 0.3158, "%", "about"),
    # scales, and where 余 stands
    ("发布短视频4.5万条", "4.5万条", 45000, "条", "exact"),
    ("累计播放12.7亿余次", "12.7亿余次", 1270000000, "次", "over"),
    ("网站访问量1054余万人次", "1054余万人次", 10540000, "人次", "over"),
    ("页面浏览万余次", "万余次", 10000, "次", "over"),
    ("短信提醒10余万条", "10余万条", 100000, "条", "over"),
    ("回复留言近千条", "近千条", 1000, "条", "about"),
    ("开展走访百余次", "百余次", 100, "次", "over"),
    ("转发上百次", "上百次", 100, "次", "about"),
    ("累计播放1亿2000万次", "1亿2000万次", 120000000, "次", "exact"),
    ("点赞3千5百次", "3千5百次", 3500, "次", "exact"),
    ("服务群众百万人次", "百万人次", 1000000, "人次", "exact"),
    ("总点击23104567次", "23104567次", 23104567, "次", "exact"),
    ("阅读3w人次", "3w人次", 30000, "人次", "exact"),
    # Chinese numerals
    ("配备专职人员一名", "一名", 1, "名", "exact"),
    ("举办开放日两场", "两场", 2, "场", "exact"),
    ("连续五期刊登解读", "五期", 5, "期", "exact"),
    ("编发简报十余个", "十余个", 10, "个", "over"),
    ("培训骨干二十人", "二十人", 20, "人", "exact"),
    ("答复申请三百二十一件", "三百二十一件", 321, "件", "exact"),
    ("参训一万五千人", "一万五千人", 15000, "人", "exact"),
    ("发放手册两万余册", "两万余册", 20000, "册", "over"),
    ("收到申请零件,", "零件", 0, "件", "exact"),
    ("收到申请数为零。", "零", 0, None, "exact"),
    # forms of the digits and units
    ("发布信息１，２８４条", "1,284条", 1284, "条", "exact"),
    ("共发布信息 872 条", "872条", 872, "条", "exact"),
    ("共发布信息1 284条", "1 284条", 1284, "条", "exact"),
    ("报刊刊稿630余篇（条）", "630余篇(条)", 630, "篇(条)", "over"),
    ("政务新媒体发布1396条次", "1396条次", 1396, "条次", "exact"),
    ("检查材料801份次", "801份次", 801, "份次", "exact"),
    ("直播时间1200分钟", "1200分钟", 1200, "分钟", "exact"),
    ("直播3小时", "3小时", 3, "小时", "exact"),
    ("行政诉讼1起诉讼", "1起", 1, "起", "exact"),
    ("办理2起复议", "2起", 2, "起", "exact"),
    ("召开2次年度会议", "2次", 2, "次", "exact"),
    ("举办3期内部培训", "3期", 3, "期", "exact"),
    ("公开2项目录", "2项", 2, "项", "exact"),
    ("组成3人工作专班", "3人", 3, "人", "exact"),
    ("联合5部门开展", "5", 5, None, "exact"),
    ("其中政务微博130、", "130", 130, None, "exact"),
    ("微信信息32万关注量", "32万", 320000, None, "exact"),
    ("粉丝量为12345。", "12345", 12345, None, "exact"),
    ("办结0件", "0件", 0, "件", "exact"),
    ("收到申请数量为0。", "0", 0, None, "exact"),
    # money
    ("支出邮寄费191元", "191元", 191, "元", "exact"),
    ("投入资金3.57万元", "3.57万元", 35700, "元", "exact"),
    ("收费金额为12,345.67元", "12,345.67元", 12345.67, "元", "exact"),
    # percents, points, multiples
    ("主动公开率78.6%", "78.6%", 0.786, "%", "exact"),
    ("答复率达100%", "100%", 1, "%", "exact"),
    ("百分之九十五的申请", "百分之九十五", 0.95, "%", "exact"),
    ("百分之98.5按期办结", "百分之98.5", 0.985, "%", "exact"),
    ("约占三分之一", "三分之一", 0.3333, None, "about"),
    ("减少三分之二以上", "三分之二以上", 0.6667, None, "over"),
    ("差错率万分之三", "万分之三", 0.0003, None, "exact"),
    ("不足千分之一的用户", "不足千分之一", 0.001, None, "under"),
    ("下降近一半", "近一半", 0.5, None, "about"),
    ("咨询过半,", "过半", 0.5, None, "over"),
    ("超过半数的网页", "超过半数", 0.5, None, "over"),
    ("访问量翻了一番", "一番", 1, "番", "exact"),
    ("阅读量翻两番", "两番", 3, "番", "exact"),
    ("提高3.2个百分点", "3.2个百分点", 0.032, "个百分点", "exact"),
    ("同比增长-3.5%", "-3.5%", -0.035, "%", "exact"),
    ("访问量增长1.5倍", "1.5倍", 1.5, "倍", "exact"),
    ("增长两倍", "两倍", 2, "倍", "exact"),
    # ordinary words in quotation marks stay
    ("新增“36条”惠企措施", "36条", 36, "条", "exact"),
    ("推出“惠企24条解读”", "24条", 24, "条", "exact"),
    # names that are numbers, but here they count
    ("受理咨询12345次", "12345次", 12345, "次", "exact"),
    ("处置舆情110起", "110起", 110, "起", "exact"),
    ("联合18个部门", "18个", 18, "个", "exact"),
]


@pytest.mark.parametrize(("sentence", "span", "value", "unit", "hedge"), COUNTS)
def test_reads_one_quantity(sentence: str, span: str, value: float, unit: str | None, hedge: str) -> None:
    assert read(sentence) == [(span, value, unit, hedge)]


LISTS = [
    ("微博（52）、微信（36）", [52, 36]),
    ("分别为130、62、10余条", [130, 62, 10]),
    ("两个账号各发布136个作品,粉丝分别达到11.5万和15万", [2, 136, 115000, 150000]),
    ("办理3件建议和12件提案", [3, 12]),
    ("受理40件(含上年结转2件,另有1件顺延)", [40, 2, 1]),
    ("由12条增加到38条,增长216.7%", [12, 38, 2.167]),
    ("1.发布信息20条;2、公开文件3件;（1）征集意见5条；", [20, 3, 5]),
    ("其中:1、微信12条;2、微博13条。", [12, 13]),
    ("2023年5月12日发布信息36条,2024年41条", [36, 41]),
    ("2021以来发布30条;2022全年发布40条", [30, 40]),
    ("受理12345热线工单1520件,拨打110报警300次", [1520, 300]),
    ("开发APP3个、H5作品12个、IPv6改造2次", [3, 12, 2]),
    ("《关于十项措施的通知》(青政办〔2022〕31号)等2份文件", [2]),
    ("各科室每月报送一次,全年报送48次", [48]),
    ("目前32个账号运行", [32]),
    ("(三)不予公开1.属于国家秘密2件", [2]),
    ("阅读10.5余万次,平均每月更新36条", [105000, 36]),
    ("微信(2015条),视频号(20150条)", [2015, 20150]),
]


@pytest.mark.parametrize(("sentence", "values"), LISTS)
def test_reads_lists_in_order(sentence: str, values: list[float]) -> None:
    assert [value for _, value, _, _ in read(sentence)] == values


NO_QUANTITY = [
    # dates and times, whole and broken
    "统计期限为2022年1月1日至12月31日",
    "2020-2022年、2021—2023年,12月底,1-12月,5月10日—15日",
    "上半年、第一季度、前三季度、一至四季度、4个季度",
    "202211日至20221231日,201812月召开,1231日前",
    "2023-01-16,2023.1.16,2023/1/16",
    "5.15经侦日、6·5环境日、12•4宪法日",
    "工作时间9:00-17:30,9时30分开始",
    "24小时值班,7×24小时响应",
    "二〇二二年五月三日,三年行动,连续5年",
    "年满60周岁,18岁以下",
    # numbers of places, people, documents
    "联系电话:0551-6234567,传真(0551)6234568,邮编:230001",
    "手机13800138000,QQ群:123456789,邮箱abc2023@163.com",
    "网址http://www.abc123.gov.cn/2023/1.html",
    "和平路12号3栋502室",
    "国办函〔2021〕30号、国务院令第711号、〔201873号",
    "第二十条第(五)项,第六期,第3名,第029、044号提案",
    "排名全市第2,前10名,首个",
    "共5页,第3页",
    # slogans and names
    "110、12345、12123、122和“803”",
    "拨打12345热线或者110报警",
    "“8+4”工作法和2+N模式,1+3+N",
    "一网通办、一件事、三审三校、两微一端、双公示、五公开、四位一体、一站式",
    "最多跑一次,一次性告知,同一个窗口,一对一,进一步,统一,一体化,一些,一批信息,一起推进",
    "党的二十大、十四五规划、二十届三中全会、十五届五次会议、八项规定、三公经费、第三方评估",
    "IPv6、5G网络、A4纸",
    "“百日行动”、“1234”工作法",
    "《关于印发10项措施的通知》",
    # plans, norms, deadlines
    "每年至少开展2次培训,每季度一次,每周不少于3条,一年一次",
    "达标率不低于95%,不少于2次",
    "20个工作日内,1小时内,三个工作日内,4天内答复",
    "力争发布信息500条",
    # the report's own parts, vague numerals, ranges
    "本报告由六个部分组成,共分6部分,五大类,三个方面",
    "数十次、多个渠道、若干条、几十篇、数百条、五六次",
    "每场8-10人,3~5人",
    "1/3,比例为3:2,十分重视",
    "近半年来,过半年后,上半年,半数字化,下一番功夫,其中之一",
    "第一,依法办理;一是加强领导;(二)主动公开",
]


@pytest.mark.parametrize("sentence", NO_QUANTITY)
def test_masks_what_is_no_quantity(sentence: str) -> None:
    assert read(sentence) == []


TOLD_ZEROS = [
    ("本机关未收到政府信息公开申请", ["未收到"]),
    ("没有收到申请,也未接到投诉,未受理申诉", ["没有收到", "未接到", "未受理"]),
    ("未发生因政府信息公开引起的行政复议、行政诉讼", ["未发生"]),
    ("未发生一起行政诉讼案件", ["未发生"]),
    ("没有发生行政诉讼", ["没有发生"]),
    ("均未收取费用,未产生费用", ["未收取", "未产生"]),
    ("未向任何单位和个人收取费用", ["未向任何单位和个人收取"]),
    ("未对公民、法人或者其他组织收取费用", ["未对公民、法人或者其他组织收取"]),
    ("未因政府信息公开被申请行政复议", ["未因政府信息公开被申请"]),
    ("暂不收取费用,不收费,免收信息处理费", ["不收取", "不收费", "免收"]),
    ("没有收费事项,不存在减免情况", ["没有", "不存在"]),
    ("无行政复议,无依申请公开情况", ["无", "无"]),
    ("无上年结转、无结转下年", ["无", "无"]),
    ("复议、诉讼情况:无。收费情况无。此项为无。均无。", ["无"] * 4),
    ("无相关情况", ["无"]),
    ("未制发规范性文件,未接办建议,未开展网上调查", ["未制发", "未接办", "未开展"]),
    ("没有公民、法人提出依申请公开", ["没有"]),
    ("没有因公开引发的行政诉讼,没有向申请人收取费用", ["没有", "没有向申请人收取"]),
    ("未有公民提出申请", ["未有"]),
    ("零收费,零报告", ["零收费", "零报告"]),
]


@pytest.mark.parametrize(("sentence", "spans"), TOLD_ZEROS)
def test_reads_zeros_told_in_words(sentence: str, spans: list[str]) -> None:
    text = normalise(sentence).text
    found = find_quantities(text)
    assert [text[q.start : q.end] for q in found] == spans
    assert all((q.value, q.unit, q.hedge, q.kind) == (0, None, "exact", "told_zero") for q in found)


OFF_TARGET = [
    "未出现超期答复,无失泄密事件,未发现违反规定的行为",
    "无复议被纠错,没有因不及时被投诉,未发生舆情事件",
    "尚未发现应公开未公开,案件尚未审结",
    "无其他需要报告的事项。",
    "六、其他需要报告的事项\n无。",
    "其他需要报告的事项:无。",
    "无故拖延、无障碍改造、无差别受理、无正当理由、无关信息、无人机、无偿服务",
    "没有现成信息需要另行制作,无法提供,政府信息不存在",
    "未及时更新,未公开,未来,没收违法所得,从无到有,毫无",
]


@pytest.mark.parametrize("sentence", OFF_TARGET)
def test_leaves_out_negations_about_something_else(sentence: str) -> None:
    assert read(sentence) == []


def test_kinds() -> None:
    assert [q.kind for q in find_quantities("发布3条,占5%,增长2倍,未收取费用")] == [
        "count",
        "percent",
        "multiple",
        "told_zero",
    ]


HEDGES_BEFORE = {"": "exact", "约": "about", "近": "about", "逾": "over", "超过": "over", "不足": "under"}
HEDGES_AFTER = {"": "exact", "余": "over", "多": "over"}
UNITS = ("条", "篇", "件", "人次", "场次", "份", "元", "次")
around = st.text(alphabet="政府信息工作发布推送栏目网站", max_size=6)


def mixed(value: int) -> str:
    """3500 as 3千5百, without zeros between."""
    words = ["", "十", "百", "千"]
    digits = str(value)
    return "".join(d + words[len(digits) - i - 1] for i, d in enumerate(digits) if d != "0")


def ways_of_writing(value: int) -> list[str]:
    ways = [
        str(value),
        f"{value:,}",
        str(value).translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    ]
    ways += [an2cn(value)]
    if value >= 10000:
        ways += [f"{format(Decimal(value) / 10000, 'f').rstrip('0').rstrip('.')}万"] if value % 10000 else []
        ways += [f"{value // 10000}万"] if value % 10000 == 0 else []
    if value >= 10**8:
        ways.append(f"{format((Decimal(value) / 10**8).normalize(), 'f')}亿")
    if 1000 <= value < 10000 and value % 100 == 0 and value % 1000:
        ways.append(mixed(value))
    return ways


@settings(max_examples=150, deadline=None)
@given(
    value=st.one_of(st.integers(1, 9999), st.integers(1, 10**9), st.integers(11, 99).map(lambda n: n * 100)),
    before=st.sampled_from(list(HEDGES_BEFORE)),
    after=st.sampled_from(list(HEDGES_AFTER)),
    unit=st.sampled_from(UNITS),
    left=around,
    right=around,
)
def test_every_way_of_writing_reads_back(
    value: int, before: str, after: str, unit: str, left: str, right: str
) -> None:
    hedge = HEDGES_BEFORE[before] if before else HEDGES_AFTER[after]
    for way in ways_of_writing(value):
        sentence = f"{left}{before}{way}{after}{unit},{right}"
        text = normalise(sentence).text
        found = find_quantities(text)
        assert [(q.value, q.unit, q.hedge) for q in found] == [(value, unit, hedge)], sentence
        assert text[found[0].start : found[0].end] == text[len(left) : text.index(",", len(left) + len(way))]


@settings(max_examples=100, deadline=None)
@given(st.decimals(min_value=0, max_value=300, places=2))
def test_percents_read_back_exactly(percent: Decimal) -> None:
    (found,) = find_quantities(f"公开率为{percent}%。")
    assert found.value == float(percent / 100)
    assert found.unit == "%"


def spans_are_sound(text: str, found: tuple[Quantity, ...]) -> bool:
    ends = [0, *(q.end for q in found)]
    return all(ends[i] <= q.start < q.end <= len(text) for i, q in enumerate(found))


@settings(max_examples=200, deadline=None)
@given(
    st.text(
        alphabet='0123456789.,%+-()[]《》"~:/ \n一二两十百千万亿零余多约近超个条次件年月日号第每无未没有收到至少。、Aw@'
    )
)
def test_any_text_gives_sound_spans(text: str) -> None:
    assert spans_are_sound(text, find_quantities(text))


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_never_fails(text: str) -> None:
    assert spans_are_sound(text, find_quantities(text))


@pytest.mark.parametrize(
    "unit",
    ["1", "1,234", "1.", "一", "万", "无", "未", "《", '"', "第", "每", "(", "[20", "1、", "未对", "约", "a1", "-1", "1万", "至少", "没有"],
)  # fmt: skip
def test_time_is_linear_on_hostile_text(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * length)[:length]
        start = time.perf_counter()
        find_quantities(text)
        return time.perf_counter() - start

    seconds(1000)
    short, long = max(seconds(20_000), 0.004), seconds(200_000)
    assert long < 40 * short


SEEDS = {
    "000": [1284, 1290, 28, 22, 0.786, 217000, 10540000, 1270000000, 24000, 36000000, 130000],
    "001": [872, 420, 45000, 626 * 10**4, 0.1, 32, 26, 36, 0],
    "002": [21, 592, 1530488, 630, 1396, 0.3158, 337, 62, 801, 120, 23000, 323],
    "003": [252, 560, 778000, 62, 191, 153, 870, 9384, 320000, 136, 115000],
    "004": [360, 44, 0],
}


@pytest.mark.parametrize("seed", SEEDS)
def test_real_reports_give_their_figures(seeds, seed: str) -> None:
    (path,) = seeds.glob(f"{seed}_*.txt")
    values = [q.value for q in find_quantities(normalise(path.read_text("utf-8")).text)]
    assert set(SEEDS[seed]) <= set(values)
    assert not {2006, 711, 351100, 155131, 2772776, 4416922} & set(values)
