"""The benchmark: every figure the comparison is held to, measured on synthetic registers and written down with how.

`python -m bench` measures, `python -m bench report` writes docs/develop/benchmarks.md. Seeds of benchmarks are 5001 and
up; the comparison was developed on seeds below 1000.
"""
