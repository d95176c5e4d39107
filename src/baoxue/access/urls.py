from django.urls import path

from baoxue.access import pages

app_name = "access"
urlpatterns = [
    path("sign-in", pages.sign_in, name="sign_in"),
    path("sign-in/code", pages.code, name="code"),
    path("sign-in/second-factor", pages.set_second_factor, name="set_second_factor"),
    path("password", pages.change_password, name="password"),
    path("sign-out", pages.sign_out, name="sign_out"),
    path("post", pages.switch_post, name="switch_post"),
]
