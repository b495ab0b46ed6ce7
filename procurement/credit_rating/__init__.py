"""Credit rating of price and tender conduct (医药价格和招采信用评价).

Provinces rate; the scales of 2020 and of 2025 apply by date. Later stages ask `grade_of`.
"""

from procurement.credit_rating.grades import Grade, grade_of, grades_by_region, grades_in
from procurement.credit_rating.words import GradeWord

__all__ = ["Grade", "GradeWord", "grade_of", "grades_by_region", "grades_in"]
