from django.urls import path

from baoxue.access import accountpages, auditpages, ownpages, pages

app_name = "access"
urlpatterns = [
    path("sign-in", pages.sign_in, name="sign_in"),
    path("sign-in/code", pages.code, name="code"),
    path("sign-in/second-factor", pages.set_second_factor, name="set_second_factor"),
    path("sign-in/directory", pages.to_directory, name="to_directory"),
    path("sign-in/directory/back", pages.from_directory, name="from_directory"),
    path("password", pages.change_password, name="password"),
    path("sign-out", pages.sign_out, name="sign_out"),
    path("post", pages.switch_post, name="switch_post"),
    path("account", ownpages.own_account, name="own_account"),
    path("settings/tokens/", ownpages.tokens, name="tokens"),
    path("settings/tokens/<int:token_id>/revoke", ownpages.revoke_token, name="revoke_token"),
    path("settings/accounts/", accountpages.accounts, name="accounts"),
    path("settings/accounts/new", accountpages.new_account, name="new_account"),
    path("settings/accounts/<int:account_id>/", accountpages.account, name="account"),
    path("settings/accounts/<int:account_id>/posts", accountpages.give_post, name="give_post"),
    path("settings/accounts/<int:account_id>/password", accountpages.reset_password, name="reset_password"),
    path(
        "settings/accounts/<int:account_id>/second-factor",
        accountpages.take_off_second_factor,
        name="take_off_second_factor",
    ),
    path("settings/accounts/<int:account_id>/close", accountpages.close_account, name="close_account"),
    path("settings/accounts/<int:account_id>/open", accountpages.open_account, name="open_account"),
    path(
        "settings/accounts/<int:account_id>/tokens/<int:token_id>/revoke",
        accountpages.revoke_token_of,
        name="revoke_token_of",
    ),
    path("settings/posts/<int:post_id>/end", accountpages.end_post, name="end_post"),
    path("settings/audit/", auditpages.entries, name="audit"),
    path("settings/audit/verify", auditpages.verify, name="verify_audit"),
]
