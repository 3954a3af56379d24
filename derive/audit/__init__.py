"""The audit: does minigrad compute what was proved?  Four rungs, the same code on each.

    from derive.audit import audit_conv
    report = audit_conv(2, stride=2, padding=1, dilation=2, groups=2)
    print(report)                       # the ladder
    def test_my_layer(): report.check() # in a test: fails with the ladder

Only this package of `derive` imports minigrad, and inside its functions.  Nothing needs the audit.
"""

from derive.audit.command import main_audit
from derive.audit.conv import audit_conv
from derive.audit.module import audit_module
from derive.audit.pooling import audit_pool
from derive.audit.report import Report, Rung

__all__ = ["Report", "Rung", "audit_conv", "audit_module", "audit_pool", "main_audit"]
