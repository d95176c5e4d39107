"""How private every field of every table is (个人信息保护法 4, 28, 51). A test fails on a field that is left out.

`public`: says nothing about a person by itself (keys, codes, counts, times, names of places). `personal`: about a person;
shows to whoever the row shows to, and goes into no log, address or file name. `secret`: lies encrypted or hashed; shown
masked or not at all, and opening it is an act with a reason.
"""

from __future__ import annotations

from dataclasses import dataclass

from baoxue.policy.labelled import Labelled


class Privacy(Labelled):
    """How private a field is."""

    PUBLIC = "public", "公开"
    PERSONAL = "personal", "个人信息"
    SECRET = "secret", "敏感，加密保存"


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a table by how private they are: names with spaces between."""

    public: str
    personal: str = ""
    secret: str = ""

    def declared(self) -> list[tuple[str, Privacy]]:
        """Each field with its privacy."""
        kinds = ((Privacy.PUBLIC, self.public), (Privacy.PERSONAL, self.personal), (Privacy.SECRET, self.secret))
        return [(name, privacy) for privacy, names in kinds for name in names.split()]


_TIMES = "id child county home_path school_path valid_from valid_to recorded_from recorded_to run"

TABLES: dict[str, Fields] = {
    "platform.Job": Fields(
        "id kind arguments state place_path account_id step step_at done total attempts result sentence code cancel_asked"
        " created_at started_at ended_at beat_at",
        "actor",
    ),
    "platform.Worker": Fields("name started_at beat_at"),
    "platform.Beat": Fields("id name day done_at"),
    "platform.DemoClock": Fields("id ahead"),
    "audit.Entry": Fields(
        "id at event account_id post_id role place_path target_type target_id detail",
        "actor_name address",
    ),
    "audit.Link": Fields("position entry previous digest"),
    "jurisdictions.Jurisdiction": Fields("id path level code name parent region_code valid_from valid_to"),
    "jurisdictions.School": Fields("jurisdiction school_code stages nature"),
    "jurisdictions.TeachingPoint": Fields("id school code name"),
    "jurisdictions.RegionCode": Fields("code name level parent_code valid_from valid_to successors"),
    "jurisdictions.Term": Fields("id jurisdiction school_year semester first_day last_day"),
    "jurisdictions.SpecialDay": Fields("id jurisdiction day kind name document"),
    "jurisdictions.ParameterVersion": Fields(
        "id jurisdiction code value day_type document valid_from valid_to recorded_at", "recorded_by"
    ),
    "jurisdictions.CodeListEntry": Fields(
        "id jurisdiction code_list code label means document valid_from valid_to recorded_at ended_at",
        "recorded_by ended_by",
    ),
    "access.Account": Fields(
        "id last_login looked_after_at is_active must_change_password password_changed_at second_factor_confirmed_at"
        " second_factor_last_step created_at sessions_valid_from",
        "username name oidc_subject",
        "password phone second_factor recovery",
    ),
    "access.Post": Fields("id account role jurisdiction department valid_from valid_to given_at", "given_by"),
    "access.SignInFailure": Fields("id at", "username address"),
    "access.Token": Fields("id post capabilities created_at expires_at last_used_at revoked_at", "name", "digest"),
    "notifications.Notice": Fields(
        "id key recipient account_id recipient_path kind url place_path created_at", "sentence"
    ),
    "notifications.LastLook": Fields("post account_id at"),
    "notifications.Channel": Fields(
        "id jurisdiction place_path kind name is_active created_at next_try_at failures last_sent_at last_error",
        "created_by_name",
        "address",
    ),
    "notifications.Delivery": Fields("id notice channel place_path state attempts created_at sent_at"),
    "registers.Snapshot": Fields(
        "id county place_path register department as_of rows sha256 file counts created_at", "created_by"
    ),
    "registers.Import": Fields(
        "id county place_path register department as_of state upload upload_sha256 upload_size canonical rejects"
        " originals report differences unusual job compared_with replaces corrects snapshot created_at created_by_id"
        " confirmed_at confirmed_by_id second_by_id",
        "file_name sentence created_by_name confirmed_by_name second_by_name reason second_reason",
    ),
    "comparison.Run": Fields(
        "id county place_path school_year semester as_of state snapshots rules_version summary picture children links"
        " people verdicts_at job sentence created_at created_by_id ended_at",
        "created_by_name",
    ),
    "comparison.Finding": Fields(
        "id run key kind decision confidence rows child combination waits home_path school_path stage place_name school_name"
        " differs settled_by",
        "name name_sort sex birth_date id_masked poverty_household special_groups reason",
        "subject id_number",
    ),
    "comparison.Pair": Fields(
        "id run position left left_row right right_row confidence evidence linked home_path school_path verdict",
        "name",
        "context left_record right_record left_subject right_subject",
    ),
    "comparison.Verdict": Fields(
        "id county home_path school_path kind left right finding_kind expires_on run decided_at decided_by_id withdrawn_at",
        "name decided_by_name withdrawn_by_name",
        "subject other_subject evidence",
    ),
    "children.Child": Fields(
        "id county home_path school_path id_type left_on created_at changed_at merged_into",
        "name name_sort name_pinyin name_initials sex birth_date id_masked student_masked head_name relation_to_head"
        " guardian_name household_status poverty_household poverty_household_number groups status school_code school_name"
        " grade class_name",
        "id_number id_digest student_number student_digest household_number phone address protected",
    ),
    "children.Source": Fields(
        "id child county home_path school_path register nth snapshot row by_hand recorded_from recorded_to",
        "",
        "subject",
    ),
    "children.Enrolment": Fields(f"{_TIMES} school_code school_name", "grade class_name student_status attending"),
    "children.Schooling": Fields(
        f"{_TIMES} counted stage school_code school_name finding_key",
        "name name_sort sex birth_date id_masked status suspected grade class_name poverty_household groups absent_since"
        " reason left_reason",
    ),
    "children.CaseStatus": Fields("child county home_path school_path since", "status suspected reason"),
    "children.Build": Fields("id county place_path run as_of built_at counts"),
    "children.LedgerSum": Fields(
        "id build home_path school_path counted suspected status stage grade sex poverty_household groups rows"
    ),
    "children.Doubt": Fields(
        "id kind child other county home_path school_path run raised_at settled_at", "settled_by_name"
    ),
    "children.GroupMembership": Fields(f"{_TIMES} source", "group"),
    "children.Merge": Fields(
        "id kind kept other home_path school_path moved at by_id undone_at", "reason by_name undone_by_name"
    ),
    "children.LedgerView": Fields("id account_id place_path ledger", "name query"),
    "children.Export": Fields(
        "id place_path account_id kind file rows sha256 job_id created_at expires_at downloaded",
        "query file_name created_by_name",
    ),
    "cases.CaseNumber": Fields("id county place_path year last"),
    "cases.Lead": Fields(
        "id home_path school_path county child source department key found_on finding state case times written_at by_id"
        " by_role post_id answered_at",
        "name by_name answered_by_name",
        "words answer",
    ),
    "cases.Case": Fields(
        "id home_path school_path number county child stage came_from stage_since version opened_at ended_at limits previous"
        " times_before refuted_at suspended_until applied_at applied_by_id closed_on closed_by_id due_on due_clock due_role"
        " attempts visits",
        "name name_sort sex birth_date id_masked school_name grade class_name place_name watched poverty_household"
        " dropout_on dropout_reason whereabouts sought_as_lost owner_name suspension return_way return_school_code"
        " return_school_name return_class_name returned_on seen_at_school_on closing_reason applied_by_name closed_by_name",
        "dropout_reason_words",
    ),
    "cases.StageChange": Fields(
        "id home_path school_path case transition from_stage to_stage clause version written_at by_id by_role post_id",
        "by_name",
        "reason",
    ),
    "cases.Duty": Fields(
        "id home_path school_path case county clock words started_on days day_type parameter_version paused_days due_on"
        " as_working_days owner_role owner_path state moment next_on ended_on",
        "ended_by_name",
    ),
    "cases.Pause": Fields(
        "id home_path school_path duty first_day last_day refused written_at by_id by_role post_id approved_at approved_by_id",
        "by_name approved_by_name",
        "reason",
    ),
    "cases.Responsible": Fields(
        "id home_path school_path case line is_owner first_day last_day written_at by_id by_role post_id",
        "title name unit account_id by_name",
        "phone",
    ),
    "cases.Verification": Fields(
        "id home_path school_path case verified_on written_at by_id by_role post_id", "result by_name", "words"
    ),
    "cases.Attempt": Fields(
        "id home_path school_path case nth at day measure is_visit promised_on next_on signed follow_up key written_at by_id"
        " by_role post_id",
        "met child_whereabouts obstacles result witness longitude latitude by_name",
        "place went child_says family_says talk next_step",
    ),
    "cases.Aid": Fields(
        "id home_path school_path case department given_on written_at by_id by_role post_id", "kind by_name", "words"
    ),
    "cases.Evidence": Fields(
        "id home_path school_path case kind file file_sha256 file_size content_type attempt document written_at by_id by_role"
        " post_id withdrawn_at",
        "file_name by_name withdrawn_by_name",
        "words",
    ),
    "cases.ServedDocument": Fields(
        "id home_path school_path case step number issued_on issuer_path issuer_name clause term_days served_on served_way"
        " term_ends written_at by_id by_role post_id",
        "received_by relation servers witness served_entered_by by_name",
        "served_at_place refused_because",
    ),
    "cases.ChildPlan": Fields(
        "id home_path school_path case version review_on written_at by_id by_role post_id",
        "by_name",
        "situation goal measures people",
    ),
}
