"""What privacy rules state: the blocks of a policy in, the same policy with every statement filled out.

Conventions beyond the docstrings of hegui/facts/policy.py:
- a type is a code of the catalogue, or its family ("device_id", "biometric") where the rules name no more than that;
- `Stated.value` of a negative is "ACT:TYPE", one for each type denied; ACT is collect, upload, store or share, TYPE is "" when
  personal information is denied as a whole. A claim under a condition (未经您同意不会…) is none, nor is one of a single way
  (不会在后台获取…) or of a part that no code stands for (不收集敏感个人信息);
- `personal["used"]` holds the words that tell of it, or "否" where the rules say that it is not done;
- what a draft leaves open (【请填写：…】, [公司名称], XX) is a gap: nothing inside it is stated;
- a right or a switch that is only named has the value "";
- `said_types` hold the words of the rules, also those no code stands for (订单信息).
"""

from hegui.readers.policy.statements.read import prepare, read_statements

__all__ = ["prepare", "read_statements"]
