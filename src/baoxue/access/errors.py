"""What signing in and keeping accounts refuse."""

from __future__ import annotations

from datetime import datetime

from baoxue.platform.clock import ZONE
from baoxue.platform.errors import InputRefused, SystemRefusal


class SignInRefused(SystemRefusal):
    """Name, password or code is wrong. One sentence for all cases: who guesses learns nothing."""

    code = "sign-in-refused"
    title = "没有登录上"
    status = 401

    def __init__(self) -> None:
        super().__init__("账户名或密码不对，或者账户已停用。")


class CodeRefused(SystemRefusal):
    """The one-time code is wrong, or was used already."""

    code = "code-refused"
    title = "动态口令不对"
    status = 401

    def __init__(self) -> None:
        super().__init__("动态口令不对，或者已经用过。请等下一个口令再试，并核对手机时间。")


class DoorShut(SystemRefusal):
    """Too many failed tries, for this account or from this address."""

    code = "door-shut"
    title = "暂时不能登录"
    status = 429

    def __init__(self, until: datetime) -> None:
        super().__init__(f"连续登录失败太多，请在 {until.astimezone(ZONE):%H:%M} 以后再试，或请安全管理员重置密码。")
        self.until = until


class NoPost(SystemRefusal):
    """The account is right, but holds no post today."""

    code = "no-post"
    title = "没有在任的岗位"
    status = 403

    def __init__(self) -> None:
        super().__init__("这个账户今天没有在任的岗位，请找安全管理员。")


class PasswordRefused(InputRefused):
    """A new password that will not do."""

    code = "password-refused"
    title = "这个密码不能用"


class PostNotGiven(InputRefused):
    """This post cannot be given to this account."""

    code = "post-not-given"
    title = "这个岗位不能这样给"


class UsernameTaken(InputRefused):
    """There is an account of this name."""

    code = "username-taken"
    title = "账户名已有人用"

    def __init__(self) -> None:
        super().__init__("这个账户名已有人用，请换一个，比如加上单位简称。", field="username")


class TokenNotMade(InputRefused):
    """A token cannot be made so."""

    code = "token-not-made"
    title = "访问令牌没有建成"


class DirectoryUnreachable(SystemRefusal):
    """The bureau's directory does not answer, or not as one."""

    code = "directory-unreachable"
    title = "统一身份认证连不上"
    status = 502

    def __init__(self) -> None:
        super().__init__("统一身份认证现在连不上。请过一会儿再试，或者用账户名和密码登录。")


class DirectoryRefused(SystemRefusal):
    """What came back from the directory proves nobody."""

    code = "directory-refused"
    title = "没有登录上"
    status = 401

    def __init__(self) -> None:
        super().__init__("统一身份认证没有确认是谁。请重新登录一次。")


class NobodyOfThisName(SystemRefusal):
    """The directory knows the person, but no open account carries that name."""

    code = "no-account-for-subject"
    title = "没有对应的账户"
    status = 403

    def __init__(self) -> None:
        super().__init__("您的统一身份还没有对应到这里的账户，请找本单位的安全管理员。")
