"""What anybody may know of a region, without signing in: its level and how many obstacles stand, and nothing else.

Nothing here reads persons, offices, candidates, activities, descriptions or places; `merging` keeps single reports from
being told apart.
"""
