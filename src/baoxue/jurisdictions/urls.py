from django.urls import path

from baoxue.jurisdictions import pages

app_name = "jurisdictions"
urlpatterns = [
    path("settings/places/", pages.own_place, name="own_place"),
    path("settings/schools", pages.own_schools, name="own_schools"),
    path("settings/limits", pages.own_limits, name="own_limits"),
    path("settings/codes", pages.own_codes, name="own_codes"),
    path("settings/calendar", pages.own_calendar, name="own_calendar"),
    path("settings/places/<str:place_code>/", pages.place, name="place"),
    path("settings/places/<str:place_code>/add", pages.add, name="add"),
    path("settings/places/<str:place_code>/teaching-point", pages.add_teaching_point, name="add_teaching_point"),
    path("settings/places/<str:place_code>/rename", pages.rename, name="rename"),
    path("settings/places/<str:place_code>/schools", pages.schools, name="schools"),
    path("settings/places/<str:place_code>/limits", pages.limits, name="limits"),
    path("settings/places/<str:place_code>/limits/<str:parameter_code>", pages.set_limit, name="set_limit"),
    path("settings/places/<str:place_code>/codes", pages.codes, name="codes"),
    path("settings/places/<str:place_code>/codes/<str:code_list>/add", pages.add_code, name="add_code"),
    path("settings/places/<str:place_code>/codes/<int:code_entry_id>/end", pages.end_code, name="end_code"),
    path("settings/places/<str:place_code>/calendar", pages.calendar, name="calendar"),
    path("settings/places/<str:place_code>/calendar/term", pages.add_term, name="add_term"),
    path("settings/places/<str:place_code>/calendar/day", pages.add_special_day, name="add_special_day"),
]
