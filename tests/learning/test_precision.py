import platform

import pytest

from fer_nb.learning import precision

AMD = "vendor_id : AuthenticAMD\nflags : avx2 avx512f avx512_bf16\n"
INTEL = "vendor_id : GenuineIntel\nflags : avx2 avx512f avx512_bf16\n"


@pytest.mark.parametrize(
    ("described", "chosen"),
    [
        (AMD, "mixed_bfloat16"),
        (AMD.replace("avx512_bf16", ""), "float32"),
        (INTEL, "float32"),
        (INTEL.replace("avx512_bf16", "avx512_bf16 amx_bf16"), "mixed_bfloat16"),
    ],
)
def test_auto_takes_bfloat16_where_the_processor_gains_by_it(described, chosen, tmp_path, monkeypatch):
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text(described, encoding="utf-8")
    monkeypatch.setattr(precision, "CPUINFO", cpuinfo)
    monkeypatch.setattr(precision, "gpus", list)
    assert precision.resolve_precision("auto") == chosen


def test_auto_is_float32_where_the_processor_is_not_described(tmp_path, monkeypatch):
    monkeypatch.setattr(precision, "CPUINFO", tmp_path / "none")
    monkeypatch.setattr(precision, "gpus", list)
    assert precision.resolve_precision("auto") == "float32"


def test_the_processor_is_named_by_its_model_or_by_its_kind(tmp_path, monkeypatch):
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text("model name\t: A Fine CPU\n" + AMD, encoding="utf-8")
    monkeypatch.setattr(precision, "CPUINFO", cpuinfo)
    assert precision.cpu_name() == "A Fine CPU"
    monkeypatch.setattr(precision, "CPUINFO", tmp_path / "none")
    assert precision.cpu_name() == platform.machine()


def test_a_named_precision_is_taken_as_it_is():
    assert precision.resolve_precision("mixed_bfloat16") == "mixed_bfloat16"
