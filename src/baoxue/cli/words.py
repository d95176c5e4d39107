"""What the command says, in Chinese and English. Refusals come from the rooms below and are Chinese only."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise


class Language(StrEnum):
    """A language of the command, as `--lang` takes it."""

    ZH = "zh"
    EN = "en"


def language_of(arguments: Sequence[str]) -> Language:
    """The language asked for. Read before parsing, since the help is built in that language."""
    asked = [after for before, after in pairwise(arguments) if before == "--lang"]
    asked += [argument.removeprefix("--lang=") for argument in arguments if argument.startswith("--lang=")]
    known = [language for language in asked if language in {str(member) for member in Language}]
    return Language(known[-1]) if known else Language.ZH


class Say:
    """Looks sentences up: `say("refused", sentence=…)`."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._place = list(Language).index(language)

    def __call__(self, key: str, **values: object) -> str:
        """The sentence `key` with its places filled; KeyError for an unknown key or a place left empty."""
        return SENTENCES[key][self._place].format(**values)

    def choose(self, chinese: str, english: str) -> str:
        """One of two words, for labels that the rules already give in Chinese."""
        return (chinese, english)[self._place]


# key: (Chinese, English). Both have the same places.
SENTENCES: dict[str, tuple[str, str]] = {
    # Help
    "help.program": (
        "控辍保学：四查三比对，找出没有在校的孩子。",
        "Find the children of a county who are out of school.",
    ),
    "help.compare": (
        "比对户籍、学籍、在校等名册。",
        "Compare the registers of a county.",
    ),
    "help.synth": (
        "生成一套仿真名册和正确答案。",
        "Make synthetic registers and their truth.",
    ),
    "help.demo": (
        "启动一套完整的演示系统，人员全部虚构。",
        "Start everything with invented people, to look around.",
    ),
    "help.serve": ("启动网页服务。", "Run the web server."),
    "help.worker": ("启动后台进程：读名册、做比对。", "Run a process that does the slow work."),
    "help.import": (
        "把一份名册收进数据库。REGISTER：household、student、roll、poverty、special 或 elsewhere。",
        "Load a register into the database. REGISTER: household, student, roll, poverty, special or elsewhere.",
    ),
    "help.confirm_unusual": (
        "和上一份差得多也收下，写明原因。",
        "Take it though it differs much from the last one; say why.",
    ),
    "help.migrate": ("升级数据库结构。", "Bring the database to this version."),
    "help.new-county": (
        "按行政区划代码建立一个县：省、市、县和乡镇。",
        "Make a county from its official code: province, city, county, townships.",
    ),
    "help.new-administrator": (
        "在一个机构设管理员（账户管理、系统管理或审计），给出初始密码。",
        "Make an administrator at a place, with a first password.",
    ),
    "help.name": ("姓名", "name of the person"),
    "help.kind": ("管什么：账户、系统运行还是审计；不写为 accounts", "accounts (default), system or audit"),
    "administrator.done": (
        "{place} 的管理员 {username} 已建立，初始密码 {password}，首次登录时更换。",
        "Administrator {username} of {place} is there; first password {password}, to be changed at the first sign-in.",
    ),
    "help.audit": (
        "verify：核对审计记录是否完整，不完整就说从哪一条起断开。",
        "verify: prove the audit record whole, or say where it breaks.",
    ),
    "help.known": (
        "上次核对时记下的位置和校验值，一并核对",
        "position and digest that an earlier proof printed; they must still hold",
    ),
    "value.known": (
        "“{value}”不是“位置:校验值”，要照上次核对显示的写",
        "'{value}' is not POSITION:DIGEST as an earlier proof printed it",
    ),
    "audit.whole": (
        "审计记录完整，共 {entries:,} 条。请把这一行记到系统以外，下次用 --known 核对：{position}:{digest}",
        "The audit record is whole: {entries:,} entries. Keep this outside of the system, for --known: {position}:{digest}",
    ),
    "audit.broken": (
        "审计记录不完整：{fault}它前面的 {entries:,} 条是完整的。",
        "The audit record is not whole ({fault}); the {entries:,} entries before are.",
    ),
    "county.done": ("{name} 已建立，有 {townships} 个乡镇。", "{name} is there, with {townships} townships."),
    "help.check": ("检查安装有没有问题。", "Say what is wrong with an installation."),
    "help.backup": (
        "把整个系统备份到一个加密文件 FILE（不含密钥）。",
        "Back the whole system up into one sealed file; the keys are not in it.",
    ),
    "help.restore": (
        "从备份文件 FILE 恢复到空的数据库，并逐表核对。",
        "Restore a backup into an empty database and compare every table.",
    ),
    "help.keys": (
        "管理密钥文件。init：建第一个；new：加一个新密钥并启用；rotate：把已有数据改用新密钥重新加密。",
        "Keep the key file. init: make it; new: add a key and use it; rotate: seal everything anew under it.",
    ),
    "help.roles": (
        "打印建立数据库角色的 SQL，由数据库管理员执行一次。",
        "Print the SQL by which an administrator makes the database roles, once.",
    ),
    "help.host": ("监听地址。默认 127.0.0.1。", "Address to listen on. Default 127.0.0.1."),
    "help.port": ("端口。默认 8000。", "Port. Default 8000."),
    "help.port.demo": ("端口。默认 8000，被占用时另选。", "Port. Default 8000, or another one if taken."),
    "help.processes": ("网页进程数。默认 2。", "Number of web processes. Default 2."),
    "help.processes.worker": ("后台进程数。默认 1。", "Number of processes. Default 1."),
    "help.data_dir": ("演示数据文件夹。默认 demo-data。", "Folder of the demonstration. Default demo-data."),
    "help.children.demo": ("每个县的适龄儿童数。默认 2000。", "Children of school age in each county. Default 2000."),
    "help.no_browser": ("不打开浏览器。", "Do not open a browser."),
    "help.help": ("显示这份说明。", "Show this help."),
    "help.version": ("显示版本。", "Show the version."),
    "help.lang": (
        "界面语言：zh 或 en。默认 zh。结果文件只有中文。",
        "Language: zh or en. Default zh. Refusals, notes and the files of the result are in Chinese only.",
    ),
    "help.json": ("结果以 JSON 输出。", "Print the result as JSON."),
    "help.file": ("{register}名册。必填。", "The {register} register. Required."),
    "help.file.optional": ("{register}名册。", "The {register} register."),
    "help.elsewhere": ("县外的学籍记录（列与学籍相同）。", "Student records from outside the county."),
    "help.county": ("县级行政区划代码，六位。必填。", "County code, six digits. Required."),
    "help.county.synth": (
        "县级行政区划代码，六位。默认 522626。",
        "County code, six digits. Default 522626.",
    ),
    "help.as_of": ("数据截止日，如 2025-09-20。必填。", "The day the data speaks of. Required."),
    "help.as_of.synth": (
        "数据截止日。默认 2025-09-20。",
        "The day the data speaks of. Default 2025-09-20.",
    ),
    "help.out.compare": ("结果文件夹，没有就新建。必填。", "Folder for the results. Required."),
    "help.out.synth": ("名册文件夹，没有就新建。必填。", "Folder for the registers. Required."),
    "help.age_from": ("适龄下限，周岁。默认 6。", "School age from, full years. Default 6."),
    "help.age_to": ("适龄上限，周岁。默认 14。", "School age to, full years. Default 14."),
    "help.engine": ("比对引擎：duckdb 或 spark。默认 duckdb。", "duckdb or spark. Default duckdb."),
    "help.children": ("户籍名册中的适龄儿童人数。必填。", "Children of school age. Required."),
    "help.seed": ("随机种子，同种子同结果。必填。", "Random seed: same seed, same data. Required."),
    "help.format": ("xlsx、csv 或 parquet。默认 xlsx。", "xlsx, csv or parquet. Default xlsx."),
    "help.errors": ("差错率的倍数。默认 1。", "Multiplies the error rates. Default 1."),
    "help.elsewhere_rows": (
        "县外学籍记录的行数。默认约为人数的两倍。",
        "Rows of records from outside. Default about twice the children.",
    ),
    # Bad usage
    "usage.hint": ("用法见 {command} --help。", " See {command} --help."),
    "usage.other": ("命令写法有误：{message}", "Bad usage: {message}"),
    "usage.missing": ("缺少必填选项 {option}。", "Option {option} is missing."),
    "usage.no_option": ("没有 {option} 这个选项。", "There is no option {option}."),
    "usage.no_command": ("没有 {command} 这个命令。", "There is no command {command}."),
    "usage.no_value": (
        "选项 {option} 后面缺少值，或者不该有值。",
        "Option {option} lacks a value, or takes none.",
    ),
    "usage.bad_value": ("选项 {option} 的值不能用：{message}", "Bad value for {option}: {message}"),
    "usage.extra": (
        "多出了不认识的内容；文件名里有空格时请加引号。",
        "There is more than the command takes; put file names with spaces in quotes.",
    ),
    "value.empty": ("不能是空的。", "it must not be empty."),
    "value.date": (
        "“{value}”不是有效日期，请写成 2025-09-20 的样子。",
        "'{value}' is not a date; write it as 2025-09-20.",
    ),
    "value.county": (
        "“{value}”不是已知的县级行政区划代码，请核对六位代码。",
        "'{value}' is not a known county code (six digits).",
    ),
    "value.not_county": (
        "“{value}”是“{name}”的代码，不是一个县的；请填县（市、区）的六位代码。",
        "'{value}' is the code of '{name}', not of a county; give the six digits of a county.",
    ),
    "value.whole": (
        "“{value}”应当是 {low} 到 {high} 之间的整数。",
        "'{value}' is not a whole number from {low} to {high}.",
    ),
    "value.factor": (
        "“{value}”应当是 0 到 {high} 之间的数。",
        "'{value}' is not a number from 0 to {high}.",
    ),
    "value.one_of": ("“{value}”不在可选范围：{choices}。", "'{value}' is none of {choices}."),
    "value.ages": (
        "适龄下限 {low} 岁大于上限 {high} 岁。",
        "School age from {low} to {high}: the lower bound is above the upper.",
    ),
    # Endings
    "refused": ("未完成：{sentence}", "Not done [{code}]: {sentence}"),
    "interrupted": ("已中断。", "Interrupted."),
    "system": ("未完成：{message}{place}。", "Not done: the system says '{message}'{place}."),
    "memory": (
        "未完成：内存不足。请关闭其他程序，或换一台内存更大的电脑。",
        "Not done: out of memory. Close other programs or use a machine with more memory.",
    ),
    "defect": (
        "程序出错（{kind}，{place}）。这是程序的缺陷，请把这一行告诉维护人员；设 BAOXUE_DEBUG=1 可看详情。",
        "Internal error ({kind}, {place}), a defect of ours: please report it. BAOXUE_DEBUG=1 says more.",
    ),
    # Results
    "compare.done": (
        "比对完成：{county}，截至 {as_of}，适龄儿童 {children:,} 人。",
        "Compared: {county}, as of {as_of}, {children:,} children of school age.",
    ),
    "compare.read": ("读入的名册", "Registers read"),
    "compare.rows": ("{rows:,} 行", "{rows:,} rows"),
    "compare.rejected": ("退回 {rejected:,} 行", "{rejected:,} rejected"),
    "compare.findings": ("需要核实的线索", "Findings"),
    "compare.no_findings": ("没有线索。", "None."),
    "compare.auto": ("自动确认", "sure"),
    "compare.review": ("人工复核", "for a person"),
    "compare.warnings": ("请注意", "Please note (in Chinese only)"),
    "compare.more_warnings": ("另有 {more} 条，见 summary.html。", "And {more} more, in summary.html."),
    "compare.files": ("结果在 {out}", "Results in {out}"),
    "file.summary.html": ("图表总览，先看这个", "the page to open first"),
    "file.findings.csv": ("线索，一行一条", "the findings, one a row"),
    "file.ledgers.xlsx": ("三本台账，含完整个人信息，注意保管", "the three ledgers; full personal data"),
    "file.links.csv": ("哪些行是同一个孩子", "which rows are one child"),
    "file.rejects.csv": ("退回的行和原因", "rejected rows and why"),
    "file.summary.json": ("给程序读的统计", "the counts, for programs"),
    "import.done": (
        "{register}名册：读到 {rows:,} 行，收下 {accepted:,} 行，退回 {rejected:,} 行。",
        "Register {register}: {rows:,} rows read, {accepted:,} taken, {rejected:,} rejected.",
    ),
    "migrate.done": (
        "数据库已是最新，本次升级 {applied} 步。",
        "The database is up to date; {applied} steps were taken.",
    ),
    "check.wrong": (
        "有必须处理的问题，见上面带 ✗ 的各行。",
        "Something must be mended: see the lines with ✗ (in Chinese only).",
    ),
    "backup.done": (
        "备份完成：{path}，{tables} 张表，{rows:,} 行，{files} 个文件。密钥文件不在其中，请另行妥善保存。",
        "Backed up: {path}, {tables} tables, {rows:,} rows, {files} files. The keys are not in it: keep them elsewhere.",
    ),
    "restore.done": (
        "恢复完成，{tables} 张表逐一核对无误（{rows:,} 行），文件 {files} 个。备份时间 {made_at}。",
        "Restored; all {tables} tables compared ({rows:,} rows), {files} files. The backup was made at {made_at}.",
    ),
    "keys.first": (
        "密钥文件 {path} 已建好。请马上另存一份（不和备份放在一起）：丢了它，数据和备份都打不开。",
        "The key file {path} is there. Keep a copy elsewhere now: without it neither data nor backups open.",
    ),
    "keys.new": (
        "已启用第 {number} 号密钥。请先另存密钥文件 {path}，再运行 baoxue keys rotate。",
        "Key {number} is active. Keep a copy of {path} elsewhere, then run baoxue keys rotate.",
    ),
    "keys.rotated": (
        "已改用现在的密钥：{values:,} 项数据，{files} 个文件。旧密钥留着，旧备份还要用它。",
        "Sealed anew: {values:,} values, {files} files. Old keys stay: older backups need them.",
    ),
    "demo.ready": (
        "演示系统已就绪（{seconds:.0f} 秒）：{address}",
        "The demonstration is ready ({seconds:.0f} s): {address}",
    ),
    "demo.accounts": (
        "账户和密码在 {path}；先用这个进去看看：{username} / {password}（{role}，{place}）。按 Ctrl-C 停止。",
        "Accounts and passwords are in {path}; begin with {username} / {password} ({role}, {place}). Ctrl-C ends it.",
    ),
    "demo.stopped": ("演示系统已停止，数据留在 {folder}。", "The demonstration has ended; its data stay in {folder}."),
    "synth.done": (
        "已生成仿真名册（{seconds:.1f} 秒），文件在 {out}：",
        "Made in {seconds:.1f} s, in {out}:",
    ),
    "synth.note": (
        "全部人员均为虚构。truth.csv 是正确答案，不要拿去比对。",
        "Everybody in them is invented. truth.csv is the truth; it is not a register.",
    ),
}
