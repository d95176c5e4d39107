"""The steps that long work tells of, in the language chosen: the rooms below tell them in Chinese."""

from __future__ import annotations

from baoxue.cli.words import Say
from baoxue.policy.registers import Register

_ENGLISH = {
    "读取登记册": "Reading the registers",
    "装入登记册": "Loading the registers",
    "汇总每个孩子的情况": "Judging each child",
    "写结果": "Writing the result",
    "生成儿童与家庭": "Making children and families",
    **{f"读取{register.label}登记册": f"Reading the {register} register" for register in Register},
    **{f"写{register.label}": f"Writing the {register} register" for register in Register},
    **{f"比对 {left.label}×{right.label}": f"Comparing {left} and {right}" for left in Register for right in Register},
}


def step_told(say: Say, step: str) -> str:
    """A step as a person reads it; one that has no English yet as it is."""
    return say.choose(step, _ENGLISH.get(step, step))
