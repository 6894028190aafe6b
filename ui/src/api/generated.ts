// Generated from the list of commands (crates/desk/src/commands.rs). To make it anew:
// PORCH_WRITE_GENERATED=1 cargo test -p porch-desk typescript

export type AcceptInvitationRequest = { 
/**
 * The user.
 */
user: UserId, 
/**
 * The code as typed.
 */
code: string, 
/**
 * The password chosen.
 */
password: string, };

export type Action = "see_today" | "find_family" | "fetch_family" | "open_protected" | "sign_in" | "void_attendance" | "register" | "change_family" | "move_family" | "merge_people" | "record_authority" | "judge_understanding" | "take_consent" | "withdraw_consent" | "judge_consent" | "stop_use" | "give_receipt" | "export_consent" | "see_photos" | "add_photo" | "publish_photo" | "record_takedown" | "write_concern" | "read_concern" | "erase_person" | "read_audit" | "sync" | "invite_login" | "change_device";

export type AddCrowdPhotoRequest = { 
/**
 * Which event, and in which public place.
 */
public_place: string, 
/**
 * That the place is public and that nobody stands out: declared by whoever stores it.
 */
is_declared: boolean, 
/**
 * When it was taken.
 */
taken_at: Instant, 
/**
 * What it shows.
 */
caption: string, 
/**
 * The file's bytes, base64.
 */
picture: string, 
/**
 * The part of it that is kept; all of it unless given.
 */
keep: Area | null, 
/**
 * The parts in which nobody is to be recognised.
 */
cover: Array<Area>, };

export type AddExistingMemberRequest = { 
/**
 * Of which family.
 */
family: FamilyId, 
/**
 * Who.
 */
person: PersonId, 
/**
 * As what.
 */
role: MemberRole, };

export type AddMemberRequest = { 
/**
 * Of which family.
 */
family: FamilyId, 
/**
 * Their details.
 */
form: PersonForm, };

export type AddPhotoRequest = { 
/**
 * At which session it was taken, if at one.
 */
session: SessionId | null, 
/**
 * Everybody in it who can be recognised.
 */
people: Array<PersonId>, 
/**
 * When it was taken.
 */
taken_at: Instant, 
/**
 * What it shows.
 */
caption: string, 
/**
 * The file's bytes, base64.
 */
picture: string, 
/**
 * The part of it that is kept; all of it unless given.
 */
keep: Area | null, 
/**
 * The parts in which nobody is to be recognised.
 */
cover: Array<Area>, };

export type AddQuoteRequest = { 
/**
 * Who.
 */
person: PersonId, 
/**
 * Their words.
 */
words: string, 
/**
 * The language in which they were said, where these are a translation; else empty.
 */
translated_from: string, 
/**
 * Whether the words tell something of a special category (UK GDPR article 9) of anybody: their health or sex life, religion or
 * belief, race or where their family comes from, politics or trade union.
 */
reveals_special_category: boolean, };

export type AddedMemberView = { 
/**
 * Who.
 */
person: PersonId, };

export type Age = { 
/**
 * Whole years.
 */
years: number, 
/**
 * Whole months beyond the years: 0 to 11.
 */
months: number, };

export type Area = { 
/**
 * From the left.
 */
left: number, 
/**
 * From the top.
 */
top: number, 
/**
 * How wide.
 */
width: number, 
/**
 * How high.
 */
height: number, };

export type AskableView = { 
/**
 * For what.
 */
purpose: Purpose, 
/**
 * The languages in which the county has approved the wording and the short notice.
 */
languages: Array<string>, 
/**
 * The languages in which there is a wording that is not offered: a draft, or taken back.
 */
drafts: Array<string>, };

export type AttendanceId = string;

export type Attribution = "full_name" | "first_name" | "anonymous";

export type AttributionOption = { 
/**
 * The attribution.
 */
attribution: Attribution, 
/**
 * How it reads.
 */
label: string, };

export type AttributionView = { 
/**
 * The question.
 */
question: string, 
/**
 * The answers.
 */
options: Array<AttributionOption>, };

export type AuditEntryView = { 
/**
 * Its place, from 1.
 */
number: number, 
/**
 * When.
 */
at: Instant, 
/**
 * The name of who did it.
 */
by: string, 
/**
 * What was done, and what for: `saw/open_family`.
 */
action: string, 
/**
 * The kind of record.
 */
kind: string | null, 
/**
 * The record; none once erased.
 */
record: string | null, 
/**
 * The names of the fields changed.
 */
fields: Array<string>, };

export type AuditRequest = { 
/**
 * Entries before this one; the newest when not given.
 */
before: number | null, 
/**
 * How many.
 */
limit: number, };

export type AuditView = { 
/**
 * The entries.
 */
entries: Array<AuditEntryView>, 
/**
 * The first entry that does not fit the chain, if one does not.
 */
broken_at: number | null, 
/**
 * How many entries were checked.
 */
checked: number, };

export type AuthorityId = string;

export type BeginHandOverRequest = { 
/**
 * The family.
 */
family: FamilyId, 
/**
 * What it is to be asked.
 */
purposes: Array<Purpose>, };

export type CentreId = string;

export type ChangePasswordRequest = { 
/**
 * As it was.
 */
old_password: string, 
/**
 * As it is to be.
 */
new_password: string, };

export type Channel = string;

export type ChannelView = { 
/**
 * The channel.
 */
channel: Channel, 
/**
 * The question.
 */
label: string, 
/**
 * A line beneath it.
 */
hint: string | null, };

export type CheckReceiptRequest = { 
/**
 * The number, as on paper or as in a file.
 */
number: string, 
/**
 * The code, as on paper or as in a file; spaces do not matter.
 */
code: string, };

export type CheckRecordsRequest = { 
/**
 * All that stands in the file.
 */
file: string, };

export type Code = "unknown_command" | "malformed_request" | "not_allowed" | "not_found" | "reason_needed" | "busy" | "storage_full" | "internal" | "not_set_up" | "closed" | "locked" | "already_open" | "hand_over_active" | "no_keyring" | "keyring_locked" | "keyring_secret_missing" | "database_newer" | "database_altered" | "database_corrupt" | "wrong_password" | "slowed_down" | "login_blocked" | "password_too_short" | "password_too_common" | "wrong_pin" | "pin_gone" | "pin_not_digits" | "pin_too_common" | "password_needed" | "code_wrong" | "code_mistyped" | "no_recovery_code" | "code_expired" | "required" | "invalid_date" | "date_in_future" | "date_too_early" | "invalid_postcode" | "invalid_nhs_number" | "invalid_phone" | "invalid_email" | "too_long" | "invalid_name" | "notice_not_shown" | "no_adult" | "changed_meanwhile" | "ruled_already" | "authority_ended" | "invalid" | "already_signed_in" | "already_signed_out" | "session_not_today" | "no_consent" | "no_authority" | "too_young" | "consent_withdrawn" | "consent_expired" | "special_category" | "not_public" | "never_photograph" | "nobody_in_picture" | "not_a_picture" | "picture_too_large" | "picture_removed" | "signature_missing" | "unanswered" | "wording_outdated" | "nothing_approved" | "decision_seen_outdated" | "cannot_save" | "not_a_receipt" | "unreachable" | "county_refused" | "county_certificate" | "county_code" | "update_needed" | "device_revoked" | "device_unknown";

export type ConcernId = string;

export type ConcernView = { 
/**
 * The concern.
 */
concern: ConcernId, 
/**
 * About whom.
 */
about: PersonId | null, 
/**
 * Their name.
 */
about_name: string | null, 
/**
 * What was seen or heard.
 */
text: string, 
/**
 * Who wrote it.
 */
written_by: string, 
/**
 * When.
 */
written_at: Instant, 
/**
 * Whether somebody was telephoned at once.
 */
call_made: boolean, };

export type ConsentEventKind = "decision" | "withdrawal" | "authority" | "authority_end" | "ruling" | "misrecording" | "expiry";

export type ConsentEventView = { 
/**
 * When.
 */
at: Instant, 
/**
 * What.
 */
kind: ConsentEventKind, 
/**
 * The name of who decided, withdrew or holds the authority.
 */
by: string, 
/**
 * What for.
 */
purpose: Purpose | null, 
/**
 * The channels granted.
 */
granted: Array<Channel>, 
/**
 * The channels refused or withdrawn.
 */
refused: Array<Channel>, 
/**
 * The member of staff who took it; empty for the county.
 */
taken_by: string, 
/**
 * For a decision: which, for its receipt.
 */
decision: DecisionId | null, 
/**
 * For an authority: which, while it has not ended.
 */
authority: AuthorityId | null, 
/**
 * For a decision: whether it was recorded by mistake. For an authority or its end: whether it is in dispute.
 */
doubtful: boolean, 
/**
 * For a withdrawal that was only reported: what became of it so far.
 */
report: ReportState | null, 
/**
 * For an authority: its ground.
 */
ground: Ground | null, 
/**
 * For an authority: its last day, where it has one.
 */
until: string | null, 
/**
 * What a ruling or a mistake rests on, or why somebody was judged to understand, where the login may read it.
 */
why: string | null, };

export type ConsentHistoryRequest = { 
/**
 * The person decided for.
 */
person: PersonId, };

export type DecideRequest = { 
/**
 * Who decides.
 */
decider: PersonId, 
/**
 * One for each person and wording.
 */
answers: Array<SubjectAnswers>, 
/**
 * The signature drawn on the screen.
 */
signature: Array<Stroke>, 
/**
 * Or the name typed before a witness.
 */
typed_name: string | null, 
/**
 * The witness: a member of staff.
 */
witness: UserId | null, 
/**
 * The language of wordings and notice: a BCP 47 tag.
 */
language: string, 
/**
 * The privacy notice shown.
 */
notice: NoticeSeen, 
/**
 * Who helped.
 */
help: Help, };

export type DecidedView = { 
/**
 * The decisions, in the order of the answers.
 */
decisions: Array<DecisionId>, 
/**
 * A short code for people: on the receipt, on the telephone.
 */
reference: string, };

export type DeciderView = { 
/**
 * Who.
 */
person: PersonId, 
/**
 * Their name.
 */
name: string, 
/**
 * They have still to be shown the privacy notice, or a newer one.
 */
notice_due: boolean, 
/**
 * Themself, and the children for whom they have authority.
 */
may_decide_for: Array<MayDecideForView>, };

export type DecisionId = string;

export type DecisionState = "given" | "renewed" | "refused" | "withdrawn" | "expired" | "misrecorded";

export type Density = "desk" | "hall";

export type DeskState = "not_set_up" | "closed" | "locked" | "open" | "hand_over" | "no_keyring" | "unusable";

export type Digest = string;

export type Direction = "ltr" | "rtl";

export type DraftRequest = { 
/**
 * Which form.
 */
form: string, };

export type DraftView = { 
/**
 * What stands in the form.
 */
body: string | null, 
/**
 * When it was kept.
 */
saved_at: Instant | null, };

export type EarlierAnswersRequest = { 
/**
 * One of the deciders of the family that the program is locked to.
 */
decider: PersonId, };

export type EditFamilyRequest = { 
/**
 * Which.
 */
family: FamilyId, 
/**
 * What was seen when the form opened.
 */
versions: string, 
/**
 * The address without postcode.
 */
address: string, 
/**
 * The postcode.
 */
postcode: string, 
/**
 * They have no fixed address.
 */
no_fixed_address: boolean, 
/**
 * What the desk should know.
 */
note: string, };

export type EditPersonRequest = { 
/**
 * Who.
 */
person: PersonId, 
/**
 * What was seen when the form opened.
 */
versions: string, 
/**
 * The details.
 */
form: PersonForm, };

export type EndAuthorityRequest = { 
/**
 * The authority.
 */
authority: AuthorityId, 
/**
 * Ended or disputed.
 */
kind: EndKind, 
/**
 * How that is known.
 */
evidence: Evidence, };

export type EndKind = "ended" | "disputed";

export type EndStopRequest = { 
/**
 * The stop.
 */
stop: StopId, 
/**
 * Why; sealed.
 */
why: string, };

export type EnrolAgainRequest = { 
/**
 * The one-time code.
 */
code: string, };

export type ErasePersonRequest = { 
/**
 * The person.
 */
person: PersonId, 
/**
 * On which ground.
 */
ground: ErasureGround, };

export type ErasureGround = "no_longer_needed" | "consent_withdrawn" | "objected" | "unlawful" | "legal_obligation";

export type ErasureOrderId = string;

export type ErasureOrderedView = { 
/**
 * The order.
 */
order: ErasureOrderId, };

export type Event = { "kind": "changed", 
/**
 * The kinds.
 */
what: Array<string>, } | { "kind": "status", 
/**
 * All of it.
 */
status: StatusView, };

export type Evidence = "seen" | "declared";

export type ExportConsentRequest = { 
/**
 * The person decided for.
 */
person: PersonId, 
/**
 * Records or receipts.
 */
form: ExportForm, };

export type ExportForm = "record" | "receipt";

export type FamilyHit = { 
/**
 * Its identifier.
 */
family: FamilyId, 
/**
 * What it is called.
 */
name: string, 
/**
 * Its members, grown-ups first.
 */
members: Array<MemberHit>, 
/**
 * What needs attention.
 */
marks: Array<Mark>, 
/**
 * Its postcode.
 */
postcode: string | null, 
/**
 * The last four digits of a phone number.
 */
phone_tail: string | null, 
/**
 * Somebody of it is here.
 */
here: boolean, 
/**
 * The last day it came.
 */
last_came_on: string | null, };

export type FamilyId = string;

export type FamilyRequest = { 
/**
 * Its identifier.
 */
family: FamilyId, 
/**
 * What for: needed where the family is hidden, and then in the audit.
 */
reason?: OpenReason, };

export type FamilyView = { 
/**
 * Its identifier.
 */
family: FamilyId, 
/**
 * What it is called.
 */
name: string, 
/**
 * The centre at whose desk it registered.
 */
centre: string, 
/**
 * The address without postcode.
 */
address: string | null, 
/**
 * The postcode.
 */
postcode: string | null, 
/**
 * It has no fixed address.
 */
no_fixed_address: boolean, 
/**
 * Hidden from most logins.
 */
protected: boolean, 
/**
 * What the desk should know.
 */
note: string | null, 
/**
 * What was seen of it; opaque, to be handed back when editing.
 */
versions: string, 
/**
 * Its members, grown-ups first, then by age.
 */
members: Array<MemberView>, 
/**
 * Its latest visits, newest first.
 */
attendances: Array<VisitView>, 
/**
 * To whom the privacy notice was shown, newest first.
 */
notices: Array<NoticeShownView>, 
/**
 * Who has still to be shown the privacy notice, or a newer one.
 */
notice_due: Array<PersonId>, 
/**
 * What needs attention.
 */
marks: Array<Mark>, 
/**
 * Who came last time: to be ticked.
 */
last_time: Array<PersonId>, 
/**
 * Today's sessions to offer, likeliest first.
 */
sessions_now: Array<SessionId>, };

export type FetchFamilyRequest = { 
/**
 * Given names, in full.
 */
given_name: string, 
/**
 * Family name, in full.
 */
family_name: string, 
/**
 * Date of birth as typed.
 */
birth_date: string, };

export type FetchedFamilyView = { 
/**
 * None when the county knows nobody of that name and birth date whom this desk may have.
 */
families: Array<FamilyId>, };

export type Form = "picture" | "words";

export type Ground = "mother" | "father_married_or_registered" | "court_order" | "agreement" | "guardian" | "local_authority" | "delegated" | "understands";

export type HandOverView = { 
/**
 * The family.
 */
family: FamilyId, 
/**
 * Its adults, and children who decide for themselves.
 */
deciders: Array<DeciderView>, 
/**
 * Who is decided for.
 */
subjects: Array<SubjectView>, 
/**
 * The languages in which all of it may be asked.
 */
languages: Array<LanguageView>, 
/**
 * The wordings in force, in these languages.
 */
wordings: Array<WordingView>, 
/**
 * The privacy notices in force, in these languages, the short one of each first.
 */
notices: Array<NoticeView>, };

export type HeadView = { 
/**
 * The decision.
 */
decision: DecisionId, 
/**
 * Who was decided for.
 */
subject: PersonId, 
/**
 * What for.
 */
purpose: Purpose, 
/**
 * The channels granted and not withdrawn.
 */
granted: Array<Channel>, 
/**
 * The channels refused or withdrawn.
 */
refused: Array<Channel>, 
/**
 * The day, in London.
 */
decided_on: string, };

export type HeldView = { 
/**
 * For whom; empty for somebody whom this login does not see.
 */
subject: string, 
/**
 * Who decided; empty for somebody whom this login does not see.
 */
decider: string, 
/**
 * What for.
 */
purpose: Purpose, 
/**
 * The channels granted, in the order of the question.
 */
granted: Array<Channel>, 
/**
 * The channels refused, in the order of the question.
 */
refused: Array<Channel>, 
/**
 * The day of the decision, in London.
 */
decided_on: string, 
/**
 * What has become of it.
 */
state: DecisionState, };

export type Help = "none" | "interpreter" | "read_aloud";

export type HereView = { 
/**
 * Their attendance.
 */
attendance: AttendanceId, 
/**
 * Who.
 */
person: PersonId, 
/**
 * With which family.
 */
family: FamilyId, 
/**
 * What they are called.
 */
name: string, 
/**
 * How old they are.
 */
age: Age | null, 
/**
 * Adult, child or baby.
 */
kind: PersonKind, 
/**
 * At which session.
 */
session: SessionId, 
/**
 * Since when.
 */
arrived_at: Instant, 
/**
 * What needs attention.
 */
marks: Array<Mark>, };

export type Instant = string;

export type InvitationView = { 
/**
 * The user.
 */
user: UserId, 
/**
 * The code in groups, shown once.
 */
code: string, 
/**
 * Until when it holds; UTC.
 */
expires_at: string, };

export type InviteRequest = { 
/**
 * Somebody with a login here who needs a new password; none for somebody new.
 */
user: UserId | null, 
/**
 * What colleagues call them.
 */
name: string, 
/**
 * Their role.
 */
role: Role, };

export type JudgedView = { 
/**
 * How many photos went because of it.
 */
photos_removed: number, };

export type LanguageView = { 
/**
 * A BCP 47 tag.
 */
language: string, 
/**
 * Which way it is written.
 */
dir: Direction, };

export type LaterEditView = { 
/**
 * In which record.
 */
record: RegisteredId, 
/**
 * Which field.
 */
field: string, };

export type LikelyDuplicate = { 
/**
 * A family of theirs.
 */
family: FamilyId, 
/**
 * Who.
 */
person: PersonId, 
/**
 * What they are called.
 */
name: string, 
/**
 * Date of birth.
 */
birth_date: string | null, 
/**
 * What is alike.
 */
because: Array<Likeness>, };

export type Likeness = "name" | "birth_date" | "phone" | "nhs_number" | "postcode";

export type LogInRequest = { 
/**
 * The user.
 */
user: UserId, 
/**
 * The password as typed.
 */
password: string, };

export type LoginChoice = { 
/**
 * The user.
 */
user: UserId, 
/**
 * What colleagues call them.
 */
name: string, 
/**
 * Their role.
 */
role: Role, 
/**
 * What the login waits for.
 */
state: LoginState, 
/**
 * Whether a one-time code opens it, too: the password was forgotten, or the role changes.
 */
invited_anew: boolean, };

export type LoginState = "active" | "invited" | "blocked";

export type LoginView = { 
/**
 * The user.
 */
user: UserId, 
/**
 * What colleagues call them.
 */
name: string, 
/**
 * Their role.
 */
role: Role, 
/**
 * What the role may do.
 */
may: Array<Action>, };

export type LookView = { 
/**
 * How close.
 */
density: Density | null, 
/**
 * Light or dark.
 */
scheme: Scheme | null, 
/**
 * How large.
 */
text: TextSize | null, };

export type Mark = { 
/**
 * What it is about.
 */
kind: MarkKind, 
/**
 * The reason, only where a record was opened: a queue reads lists.
 */
detail: string | null, };

export type MarkKind = "allergy" | "no_photos" | "details_to_confirm" | "protected" | "message";

export type MarkMisrecordedRequest = { 
/**
 * The decision.
 */
decision: DecisionId, 
/**
 * What shows that it was a mistake.
 */
why: string, };

export type MayDecideForView = { 
/**
 * Who.
 */
person: PersonId, 
/**
 * By which authority; none for themself.
 */
authority: AuthorityId | null, };

export type MemberHit = { 
/**
 * Who.
 */
person: PersonId, 
/**
 * What they are called.
 */
name: string, 
/**
 * How old they are.
 */
age: Age | null, 
/**
 * Adult, child or baby.
 */
kind: PersonKind, 
/**
 * What was typed found this person.
 */
matched: boolean, 
/**
 * They are here.
 */
here: boolean, };

export type MemberRole = "parent_carer" | "child" | "expectant_parent" | "grandparent" | "other_adult" | "emergency_contact";

export type MemberView = { 
/**
 * Who.
 */
person: PersonId, 
/**
 * Their place in this family.
 */
membership: MembershipId, 
/**
 * As what.
 */
role: MemberRole, 
/**
 * Given names.
 */
given_name: string, 
/**
 * Family name.
 */
family_name: string, 
/**
 * What they go by, or an alias.
 */
known_as: string | null, 
/**
 * What they are called.
 */
name: string, 
/**
 * Adult, child or baby.
 */
kind: PersonKind, 
/**
 * Date of birth.
 */
birth_date: string | null, 
/**
 * When a baby is due.
 */
due_date: string | null, 
/**
 * How old they are.
 */
age: Age | null, 
/**
 * Telephone number.
 */
phone: string | null, 
/**
 * E-mail address.
 */
email: string | null, 
/**
 * NHS number.
 */
nhs_number: string | null, 
/**
 * The language they like to speak and read.
 */
language: string | null, 
/**
 * Allergies, in words.
 */
allergies: string | null, 
/**
 * What they say of having parental responsibility.
 */
parental_responsibility: boolean | null, 
/**
 * The other families they belong to.
 */
other_families: Array<FamilyId>, 
/**
 * What was seen of them; opaque, to be handed back when editing.
 */
versions: string, 
/**
 * Their attendance, while they are here.
 */
here: AttendanceId | null, 
/**
 * What they or others decided, by purpose.
 */
permissions: Array<PermissionView>, };

export type MembershipId = string;

export type MergeFamiliesRequest = { 
/**
 * One record.
 */
one: FamilyId, 
/**
 * The other.
 */
other: FamilyId, 
/**
 * The fields of which the other's value is right.
 */
of_other: Array<string>, 
/**
 * Who of one is who of the other.
 */
people: Array<MergePeopleRequest>, };

export type MergePeopleRequest = { 
/**
 * One record.
 */
one: PersonId, 
/**
 * The other.
 */
other: PersonId, 
/**
 * The fields of which the other's value is right; of all others it is the first one's.
 */
of_other: Array<string>, };

export type MoveFamilyRequest = { 
/**
 * The family.
 */
family: FamilyId, 
/**
 * The centre that it goes to from now on.
 */
centre: CentreId, };

export type NoPhotosPersonView = { 
/**
 * Who.
 */
person: PersonId, 
/**
 * What they are called.
 */
name: string, 
/**
 * How old a child is; grown-ups are known by their names.
 */
age: Age | null, };

export type NoPhotosRequest = { 
/**
 * The session.
 */
session: SessionId, };

export type NoPhotosView = { 
/**
 * What is on; empty while that has not arrived on this device.
 */
activity: string, 
/**
 * Where, likewise.
 */
venue: string, 
/**
 * From.
 */
starts_at: Instant, 
/**
 * Nobody at all is photographed there, whatever they permit.
 */
never_photograph: boolean, 
/**
 * Of those who are here, by name.
 */
here: Array<NoPhotosPersonView>, 
/**
 * Of those who are expected: members of families that were at the activity lately, by name.
 */
expected: Array<NoPhotosPersonView>, 
/**
 * How many more whom this login may not know of by name.
 */
hidden: number, };

export type Nothing = Record<string, never>;

export type NoticeForm = "short" | "full" | "easy_read";

export type NoticeSeen = { 
/**
 * Which.
 */
notice: string, 
/**
 * Which version of it.
 */
version: number, 
/**
 * In which language.
 */
language: string, 
/**
 * SHA-256 of the exact text.
 */
sha256: Digest, };

export type NoticeShownView = { 
/**
 * To whom.
 */
person: PersonId, 
/**
 * Which notice.
 */
notice: string, 
/**
 * Which version of it.
 */
version: number, 
/**
 * In which language.
 */
language: string, 
/**
 * SHA-256 of its exact text.
 */
sha256: Digest, 
/**
 * When.
 */
shown_at: Instant, };

export type NoticeView = { 
/**
 * Which.
 */
notice: string, 
/**
 * Which version of it.
 */
version: number, 
/**
 * In which language: a BCP 47 tag.
 */
language: string, 
/**
 * Which way that is written.
 */
dir: Direction, 
/**
 * Short, full or easy to read.
 */
form: NoticeForm, 
/**
 * Its title.
 */
title: string, 
/**
 * Its headings, each followed by what stands below it.
 */
paragraphs: Array<string>, 
/**
 * SHA-256 of the exact text: title and paragraphs with an empty line between each two, before
 * the county's details were filled in.
 */
sha256: Digest, };

export type ObjectionGround = "asked" | "mistaken";

export type OpenReason = "visit" | "phone_call" | "safeguarding" | "correction" | "rights_request";

export type PermissionState = "none" | "yes" | "some" | "no";

export type PermissionView = { 
/**
 * For what.
 */
purpose: Purpose, 
/**
 * How it stands.
 */
state: PermissionState, 
/**
 * The channels that are permitted.
 */
granted: Array<string>, 
/**
 * The channels that were asked for and are not permitted.
 */
refused: Array<string>, 
/**
 * The day of the latest answer.
 */
decided_on: string | null, 
/**
 * Who gave it; none for whoever is not held here or is hidden from this login.
 */
decided_by: string | null, 
/**
 * The decisions that stand: what a withdrawal names.
 */
decisions: Array<DecisionId>, };

export type PersonForm = { 
/**
 * Given names.
 */
given_name: string, 
/**
 * Family name.
 */
family_name: string, 
/**
 * What they go by, or an alias.
 */
known_as: string, 
/**
 * Date of birth, typed any sane way.
 */
birth_date: string, 
/**
 * When a baby is due, typed any sane way.
 */
due_date: string, 
/**
 * Telephone number, in any spacing.
 */
phone: string, 
/**
 * E-mail address.
 */
email: string, 
/**
 * NHS number, in any spacing.
 */
nhs_number: string, 
/**
 * The language they like to speak and read.
 */
language: string, 
/**
 * Allergies, in words.
 */
allergies: string, 
/**
 * What they are in the family.
 */
role: MemberRole, 
/**
 * What they say of having parental responsibility.
 */
parental_responsibility: boolean | null, };

export type PersonId = string;

export type PersonKind = "adult" | "child" | "baby" | "staff";

export type PhotoCheckRequest = { 
/**
 * At which session, if at one.
 */
session: SessionId | null, 
/**
 * Everybody who can be recognised.
 */
people: Array<PersonId>, };

export type PhotoCheckView = { 
/**
 * Each person asked about.
 */
people: Array<PhotoPersonView>, 
/**
 * Whether pictures are taken at this activity at all.
 */
session_allows: boolean, };

export type PhotoId = string;

export type PhotoPersonView = { 
/**
 * Who.
 */
person: PersonId, 
/**
 * Their name.
 */
name: string, 
/**
 * Whether a picture of them may be stored, or their words: what was asked.
 */
permitted: boolean, 
/**
 * Why not.
 */
reason: Code | null, };

export type PhotoPictureRequest = { 
/**
 * The photo.
 */
photo: PhotoId, 
/**
 * The size.
 */
size: PictureSize, };

export type PhotoState = "here" | "on_its_way" | "removed" | "suspended";

export type PhotoSubjectView = { 
/**
 * Who.
 */
person: PersonId, 
/**
 * Their name.
 */
name: string, };

export type PhotoView = { 
/**
 * The photo.
 */
photo: PhotoId, 
/**
 * At which session it was taken, if at one.
 */
session: SessionId | null, 
/**
 * When it was taken.
 */
taken_at: Instant, 
/**
 * What it shows; none where the picture may not be shown, since a caption tells as much.
 */
caption: string | null, 
/**
 * Who is in it.
 */
people: Array<PhotoSubjectView>, 
/**
 * Of a picture of a crowd, in which nobody is named: which event, and in which public place.
 */
public_place: string | null, 
/**
 * Where it may be used: what everybody in it grants; of a crowd, wherever pictures in publicity are.
 */
channels: Array<Channel>, 
/**
 * Whether it is a picture or words.
 */
form: Form, 
/**
 * The words, and how they may be signed; none of a picture, and where they may not be shown or have not arrived.
 */
quote: QuoteView | null, 
/**
 * In pixels.
 */
width: number, 
/**
 * In pixels.
 */
height: number, 
/**
 * How it stands.
 */
state: PhotoState, };

export type PhotosRequest = { 
/**
 * A family's.
 */
family: FamilyId | null, 
/**
 * A session's.
 */
session: SessionId | null, };

export type PictureSize = "thumbnail" | "full";

export type PictureView = { 
/**
 * Its media type.
 */
media_type: string, 
/**
 * Its bytes, base64.
 */
picture: string, };

export type Point = { 
/**
 * From the left, in CSS pixels.
 */
x: number, 
/**
 * From the top, in CSS pixels.
 */
y: number, 
/**
 * Milliseconds.
 */
t: number, 
/**
 * 0 to 1.
 */
pressure: number, };

export type Problem = { 
/**
 * Where, for example `children.0.birth_date`.
 */
field: string, 
/**
 * What is wrong.
 */
code: Code, };

export type PublicationId = string;

export type PublicationView = { 
/**
 * The publication.
 */
publication: PublicationId, 
/**
 * Which photo; none when somebody in it is hidden from this login, and where it is not known.
 */
photo: PhotoView | null, 
/**
 * Whether it is known which photo that is: else somebody asks for the removal of one that is not in Porch,
 * somebody in it was erased, or the county never took it in.
 */
is_known: boolean, 
/**
 * For what.
 */
channel: Channel, 
/**
 * Where exactly.
 */
place: string, 
/**
 * For words: whose name stands under them there.
 */
attribution: Attribution | null, 
/**
 * From which day on.
 */
live_from: string, 
/**
 * The member of staff who recorded it.
 */
published_by: string, 
/**
 * That it has to come down.
 */
due: TakedownDueView | null, 
/**
 * How it ended.
 */
takedown: TakedownView | null, };

export type PublicationsRequest = { 
/**
 * Of all photos.
 */
shown: PublicationsShown | null, 
/**
 * Or of one photo, whatever became of them.
 */
photo: PhotoId | null, };

export type PublicationsShown = "due" | "live" | "ended";

export type PublishPhotosRequest = { 
/**
 * The photos, or the quotes.
 */
photos: Array<PhotoId>, 
/**
 * For what.
 */
channel: Channel, 
/**
 * Where exactly.
 */
place: string, 
/**
 * For words: whose name stands under them there.
 */
attribution: Attribution | null, 
/**
 * From which day on.
 */
live_from: string, };

export type Purpose = "publicity_picture" | "publicity_quote" | "development_record" | "news_and_events" | "research_contact";

export type QuoteCheckRequest = { 
/**
 * Each of them.
 */
people: Array<PersonId>, };

export type QuoteNameView = { 
/**
 * How much of the name.
 */
attribution: Attribution, 
/**
 * It; none for no name.
 */
name: string | null, };

export type QuoteView = { 
/**
 * The words.
 */
words: string, 
/**
 * The language in which they were said, where these are a translation.
 */
translated_from: string | null, 
/**
 * The names that may stand under them, the fullest first.
 */
names: Array<QuoteNameView>, };

export type QuotesRequest = { 
/**
 * A family's; everybody's when not given.
 */
family: FamilyId | null, };

export type ReceiptCheckView = { 
/**
 * What the ledger says.
 */
outcome: ReceiptOutcome, 
/**
 * The number.
 */
number: DecisionId, 
/**
 * For a genuine one: what the ledger holds, to compare the paper with.
 */
held: HeldView | null, };

export type ReceiptOutcome = "genuine" | "differs" | "erased" | "unknown";

export type ReceiptRequest = { 
/**
 * The decisions, which must have been signed together.
 */
decisions: Array<DecisionId>, 
/**
 * In letters of 18 points.
 */
large: boolean, };

export type ReceiptView = { 
/**
 * The short code that people read out.
 */
reference: string, 
/**
 * Each page as an SVG picture of an A4 sheet.
 */
pages: Array<string>, 
/**
 * What it says, paragraph by paragraph.
 */
text: Array<SaidView>, };

export type RecordAuthorityRequest = { 
/**
 * The child.
 */
child: PersonId, 
/**
 * The adult who decides; the child, where they decide for themself.
 */
holder: PersonId, 
/**
 * The ground.
 */
ground: Ground, 
/**
 * Whether a document was seen.
 */
evidence: Evidence, 
/**
 * For somebody who decides for themself: why the member of staff judges that they understand. Else empty.
 */
reason: string, 
/**
 * The last day, where it has one: of an order, or a delegation.
 */
valid_until: string | null, };

export type RecordNoticeShownRequest = { 
/**
 * A family of theirs.
 */
family: FamilyId, 
/**
 * To whom.
 */
people: Array<PersonId>, 
/**
 * What was shown.
 */
notice: NoticeSeen, };

export type RecordTakedownRequest = { 
/**
 * Which.
 */
publication: PublicationId, 
/**
 * How.
 */
outcome: TakedownOutcome, 
/**
 * What shows that.
 */
proof: string, 
/**
 * On which day.
 */
ended_on: string, };

export type RecordedAuthorityView = { 
/**
 * The authority.
 */
authority: AuthorityId, };

export type RecoverLoginRequest = { 
/**
 * The code as typed.
 */
code: string, 
/**
 * What colleagues call the manager.
 */
name: string, 
/**
 * The password chosen.
 */
password: string, };

export type RecoveryCodeView = { 
/**
 * The code in groups, shown once.
 */
code: string, 
/**
 * When it was made; UTC.
 */
made_at: string, };

export type Refusal = { 
/**
 * The reason.
 */
code: Code, 
/**
 * The field it is about, where it is about one.
 */
field: string | null, 
/**
 * Every problem of a form, so that all can be shown at once.
 */
problems: Array<Problem>, 
/**
 * For `slowed_down`: whole seconds to wait.
 */
retry_after_s: number | null, };

export type Registered = "person" | "family";

export type RegisteredId = string;

export type RegisteredView = { 
/**
 * Its identifier.
 */
family: FamilyId, };

export type RegistrationCheck = { 
/**
 * What keeps it from being saved.
 */
problems: Array<Problem>, 
/**
 * What looks odd and is saved all the same.
 */
warnings: Array<Problem>, 
/**
 * Dates as they were understood, by field: `YYYY-MM-DD`.
 */
dates: { [key in string]: string }, 
/**
 * People who may be the same. A person decides.
 */
likely: Array<LikelyDuplicate>, };

export type RegistrationRequest = { 
/**
 * The grown-ups.
 */
adults: Array<PersonForm>, 
/**
 * The children.
 */
children: Array<PersonForm>, 
/**
 * The address without postcode.
 */
address: string, 
/**
 * The postcode.
 */
postcode: string, 
/**
 * They have no fixed address.
 */
no_fixed_address: boolean, 
/**
 * What the desk should know.
 */
note: string, 
/**
 * The privacy notice that was shown; none only while the county has approved none.
 */
notice: NoticeSeen | null, 
/**
 * One of today's sessions, to sign them in at once.
 */
sign_in_to: SessionId | null, };

export type RemovePhotoRequest = { 
/**
 * It.
 */
photo: PhotoId, 
/**
 * Why.
 */
ground: ObjectionGround, };

export type ReportState = "waits" | "upheld" | "dismissed";

export type ReportView = { 
/**
 * The withdrawal.
 */
withdrawal: WithdrawalId, 
/**
 * Whose pictures or data.
 */
subject: PersonId, 
/**
 * What they are called.
 */
name: string, 
/**
 * A family of theirs that the login may see.
 */
family: FamilyId | null, 
/**
 * For what.
 */
purpose: Purpose, 
/**
 * What is taken back; empty where it is all, or where the decisions have not arrived.
 */
channels: Array<Channel>, 
/**
 * The name of who is said to have asked; empty when that is not known.
 */
by: string, 
/**
 * When it was reported.
 */
at: Instant, 
/**
 * The member of staff who took it.
 */
taken_by: string, 
/**
 * By when somebody has to rule; then the county upholds it.
 */
rule_by: string, 
/**
 * Whether that day is over.
 */
overdue: boolean, 
/**
 * How many pictures on this device rest on what is taken back.
 */
photos: number, };

export type ReportsView = { 
/**
 * How many.
 */
waiting: number, 
/**
 * Of how many the day is over by which somebody had to rule.
 */
overdue: number, 
/**
 * The first of these days.
 */
rule_by: string, };

export type RequestRemovalRequest = { 
/**
 * What it is used for there.
 */
channel: Channel, 
/**
 * Where exactly, and which picture.
 */
place: string, };

export type Role = "reception" | "outreach" | "practitioner" | "manager" | "safeguarding" | "data_protection" | "county_it" | "helper";

export type RuleOnWithdrawalRequest = { 
/**
 * The withdrawal.
 */
withdrawal: WithdrawalId, 
/**
 * What becomes of it.
 */
ruling: Ruling, 
/**
 * What that rests on.
 */
why: string, };

export type Ruling = "upheld" | "dismissed";

export type SaidView = { 
/**
 * A BCP 47 tag.
 */
language: string, 
/**
 * The text.
 */
text: string, };

export type SaveDraftRequest = { 
/**
 * Which form.
 */
form: string, 
/**
 * What stands in it: the window's own text.
 */
body: string, };

export type SavePublishedRequest = { 
/**
 * The publications.
 */
publications: Array<PublicationId>, };

export type SavedFileView = { 
/**
 * The folder's name.
 */
folder: string, 
/**
 * The file's or folder's name.
 */
file: string, };

export type Scheme = "system" | "light" | "dark";

export type SearchRequest = { 
/**
 * Parts of names, a phone tail, a postcode, a birth date.
 */
text: string, 
/**
 * At most so many families in each tier.
 */
limit: number, 
/**
 * The window has shown this result for a while or acts on it: only then is it put into the
 * audit, once and without ids, not at each key press.
 */
settled?: boolean, };

export type SearchTier = { 
/**
 * How near.
 */
tier: Tier, 
/**
 * The families.
 */
families: Array<FamilyHit>, 
/**
 * There are more than were asked for.
 */
more: boolean, };

export type SearchView = { 
/**
 * What was typed, so that late answers can be told from the latest.
 */
text: string, 
/**
 * The families found, nearest first; tiers without any are left out.
 */
tiers: Array<SearchTier>, };

export type SessionId = string;

export type SessionView = { 
/**
 * Its identifier.
 */
id: SessionId, 
/**
 * What is on.
 */
activity: string, 
/**
 * Where.
 */
venue: string, 
/**
 * From.
 */
starts_at: Instant, 
/**
 * To.
 */
ends_at: Instant, 
/**
 * How many children fit, where that is limited.
 */
places: number | null, 
/**
 * How many adults came.
 */
adults: number, 
/**
 * How many children came, babies apart.
 */
children: number, 
/**
 * How many children under one year came.
 */
babies: number, 
/**
 * Pictures are never taken here.
 */
never_photograph: boolean, 
/**
 * Children stay without their parents.
 */
drop_off: boolean, };

export type SetIdleTimeRequest = { 
/**
 * Whole minutes, 1 to 5.
 */
minutes: number, };

export type SetLookRequest = { 
/**
 * How close.
 */
density: Density, 
/**
 * Light or dark.
 */
scheme: Scheme, 
/**
 * How large.
 */
text: TextSize, };

export type SetPinRequest = { 
/**
 * The password as typed: who passes an open desk must not choose a PIN for it.
 */
password: string, 
/**
 * 4 to 8 digits.
 */
pin: string, };

export type SetUpRequest = { 
/**
 * The county server's address, `https://…`.
 */
server: string, 
/**
 * The county's CA certificate, PEM.
 */
county_certificate: string, 
/**
 * The one-time code.
 */
code: string, 
/**
 * What people are to call this device.
 */
device_name: string, 
/**
 * The first login's name: a manager, or a safeguarding lead where the code says so.
 */
name: string, 
/**
 * The first login's password.
 */
password: string, 
/**
 * Whether to do without a keyring if this computer has none: a password-only device.
 */
password_only: boolean, };

export type SignInRequest = { 
/**
 * One of today's sessions.
 */
session: SessionId, 
/**
 * The family they came with.
 */
family: FamilyId, 
/**
 * Who of its members came.
 */
people: Array<PersonId>, };

export type SignOutRequest = { 
/**
 * Their attendances.
 */
attendances: Array<AttendanceId>, 
/**
 * Who collects them, where that is asked.
 */
collected_by: PersonId | null, };

export type SignedInView = { 
/**
 * Their attendances.
 */
attendances: Array<AttendanceId>, 
/**
 * What `undo` takes to take this back.
 */
undo: string, 
/**
 * What they are called.
 */
people: Array<string>, };

export type SignedOutView = { 
/**
 * What `undo` takes to take this back.
 */
undo: string, 
/**
 * What they are called.
 */
people: Array<string>, };

export type StatusView = { 
/**
 * The desk.
 */
state: DeskState, 
/**
 * What is in the way, if something is.
 */
trouble: Code | null, 
/**
 * What people call the device.
 */
device_name: string | null, 
/**
 * The centre's name.
 */
centre: string | null, 
/**
 * Whether this device does without a keyring, so that a copy of its files and a password open it.
 */
password_only: boolean, 
/**
 * When its recovery code was made; UTC. None when there is none.
 */
recovery_made_at: string | null, 
/**
 * After how many minutes without a touch the desk locks itself.
 */
idle_minutes: number, 
/**
 * Who is logged in, also while locked.
 */
login: LoginView | null, 
/**
 * Whether a PIN unlocks this login's locked desk.
 */
pin: boolean, 
/**
 * Whether a PIN unlocked the desk: what needs the login's own keys waits for the password.
 */
by_pin: boolean, 
/**
 * Transactions that are only on this device.
 */
unsent: number, 
/**
 * Records that arrived and that a guard refused.
 */
set_aside: number, 
/**
 * Records of this device's that the county did not take in and keeps for a person to look at.
 */
kept_aside: number, 
/**
 * Values that lost to a concurrent edit and await a person.
 */
conflicts: number, 
/**
 * When the device last met the county; UTC.
 */
last_synced_at: string | null, 
/**
 * How sync stands.
 */
sync: SyncState, 
/**
 * Whether the audit chain is whole.
 */
audit_intact: boolean, 
/**
 * Seconds by which this computer's clock is ahead of the county's; 0 within a minute.
 */
clock_off_s: number, 
/**
 * Today in London.
 */
today: string, };

export type StopId = string;

export type StopReasonView = { 
/**
 * The words.
 */
text: string, 
/**
 * Who wrote them.
 */
written_by: string, 
/**
 * When.
 */
written_at: Instant, };

export type StopUseRequest = { 
/**
 * Whose pictures or words.
 */
subject: PersonId, 
/**
 * For what.
 */
purposes: Array<Purpose>, 
/**
 * Why; sealed.
 */
why: string, };

export type StopView = { 
/**
 * The stop.
 */
stop: StopId, 
/**
 * For what.
 */
purpose: Purpose, 
/**
 * Who stopped it.
 */
made_by: string, 
/**
 * When.
 */
made_at: Instant, };

export type StopsRequest = { 
/**
 * The person.
 */
person: PersonId, };

export type StopsView = { 
/**
 * The stops that stand, the earliest first.
 */
stops: Array<StopView>, 
/**
 * What was written when something was stopped or a stop ended, the newest first.
 */
reasons: Array<StopReasonView>, 
/**
 * Whether there are reasons that this login cannot read now: after a PIN the password is asked for.
 */
sealed: boolean, };

export type Stroke = { 
/**
 * Its points in order.
 */
points: Array<Point>, };

export type SubjectAnswers = { 
/**
 * Who is decided for.
 */
subject: PersonId, 
/**
 * For a child: by which authority.
 */
authority: AuthorityId | null, 
/**
 * The wording shown.
 */
wording: string, 
/**
 * Its version.
 */
version: number, 
/**
 * SHA-256 of its exact text.
 */
sha256: Digest, 
/**
 * For a quote that some channel is granted for: whose name stands under it.
 */
attribution: Attribution | null, 
/**
 * The channels granted.
 */
granted: Array<Channel>, 
/**
 * The channels refused.
 */
refused: Array<Channel>, 
/**
 * The decider's own earlier decisions that the screen showed.
 */
replaces: Array<DecisionId>, };

export type SubjectView = { 
/**
 * Who.
 */
person: PersonId, 
/**
 * Their name.
 */
name: string, 
/**
 * Adult, child or baby.
 */
kind: PersonKind, };

export type SyncState = "never" | "idle" | "working" | "offline" | "attention";

export type TakedownDueView = { 
/**
 * By which day.
 */
by: string, 
/**
 * Whether that day is over.
 */
overdue: boolean, };

export type TakedownOutcome = "removed" | "stock_withdrawn" | "cannot_be_recalled";

export type TakedownView = { 
/**
 * How.
 */
outcome: TakedownOutcome, 
/**
 * What shows that.
 */
proof: string, 
/**
 * On which day.
 */
ended_on: string, 
/**
 * The member of staff who recorded it.
 */
recorded_by: string, };

export type TakedownsView = { 
/**
 * How many publications.
 */
due: number, 
/**
 * Of how many the day is over.
 */
overdue: number, 
/**
 * The first of the days.
 */
by: string, };

export type TextSize = "100" | "125" | "150" | "200";

export type Tier = "here_or_expected" | "this_centre" | "rest";

export type TodayView = { 
/**
 * Today in London.
 */
date: string, 
/**
 * The sessions of this centre and its venues, by their beginning.
 */
sessions: Array<SessionView>, 
/**
 * Who is here.
 */
here: Array<HereView>, 
/**
 * What was reported and waits for this login or another that may rule on it.
 */
reports: ReportsView | null, };

export type UndoRequest = { 
/**
 * The text that came with what was done.
 */
undo: string, };

export type UnlockRequest = { 
/**
 * The password as typed.
 */
password: string, };

export type UnlockWithPinRequest = { 
/**
 * The PIN as typed.
 */
pin: string, };

export type UnmergeRequest = { 
/**
 * What they are.
 */
kind: Registered, 
/**
 * One record.
 */
one: RegisteredId, 
/**
 * The other.
 */
other: RegisteredId, };

export type UnmergedView = { 
/**
 * The fields, as far as the login may see them.
 */
later: Array<LaterEditView>, };

export type UserId = string;

export type VisitView = { 
/**
 * The day.
 */
date: string, 
/**
 * To what.
 */
activity: string, 
/**
 * Who.
 */
people: Array<PersonId>, };

export type WithdrawRequest = { 
/**
 * Whose pictures or data.
 */
subject: PersonId, 
/**
 * For which purpose.
 */
purpose: Purpose, 
/**
 * The decisions withdrawn.
 */
decisions: Array<DecisionId>, 
/**
 * For which channels; all when not given.
 */
channels: Array<Channel> | null, 
/**
 * Who asks; may be left out of what is only reported.
 */
by: PersonId | null, 
/**
 * How it is known that it is them.
 */
how: WithdrawalHow, };

export type WithdrawalCheckRequest = { 
/**
 * Whose pictures.
 */
subject: PersonId, 
/**
 * For which purpose.
 */
purpose: Purpose, 
/**
 * The decisions.
 */
decisions: Array<DecisionId>, 
/**
 * For which channels; all when not given.
 */
channels: Array<Channel> | null, };

export type WithdrawalCheckView = { 
/**
 * How many pictures and quotes on this device.
 */
count: number, 
/**
 * Those of them that the login may see.
 */
photos: Array<PhotoView>, 
/**
 * Where pictures and quotes are published that would have to come down.
 */
coming_down: Array<PublicationView>, 
/**
 * By which day.
 */
down_by: string, };

export type WithdrawalHow = "in_person" | "identity_checked" | "reported";

export type WithdrawalId = string;

export type WithdrawnView = { 
/**
 * The withdrawal.
 */
withdrawal: WithdrawalId, 
/**
 * How many photos went with it.
 */
photos_removed: number, 
/**
 * For what was only reported: by when somebody has to rule on it.
 */
rule_by: string | null, };

export type WordingView = { 
/**
 * Which wording.
 */
wording: string, 
/**
 * Its version.
 */
version: number, 
/**
 * Its language: a BCP 47 tag.
 */
language: string, 
/**
 * What consent is asked for.
 */
purpose: Purpose, 
/**
 * People are asked it for themselves.
 */
for_oneself: boolean, 
/**
 * It is asked for children.
 */
for_children: boolean, 
/**
 * Its title.
 */
title: string, 
/**
 * What it is for, in paragraphs.
 */
what: Array<string>, 
/**
 * The channels, each its own question.
 */
channels: Array<ChannelView>, 
/**
 * For a quote: whose name may stand under it.
 */
attribution: AttributionView | null, 
/**
 * How to change one's mind.
 */
how_to_change: string, 
/**
 * The sentence above the signature.
 */
declaration: string, 
/**
 * For how many months an answer is good.
 */
valid_for_months: number, 
/**
 * SHA-256 of the exact text.
 */
sha256: Digest, };

export type WriteConcernRequest = { 
/**
 * About whom, when that is known and may stand in the open.
 */
about: PersonId | null, 
/**
 * What was seen or heard.
 */
text: string, 
/**
 * Whether somebody was telephoned at once.
 */
call_made: boolean, };

export type WrittenConcernView = { 
/**
 * The concern.
 */
concern: ConcernId, 
/**
 * The number to call now.
 */
phone: string, };

/** Every command with its request and its view. */
export interface Api {
  /** What the window must know before anything else. */
  status: { request: Nothing; view: StatusView };
  /** How this computer shows things, as far as somebody chose it. */
  look: { request: Nothing; view: LookView };
  /** Chooses how this computer shows things. */
  set_look: { request: SetLookRequest; view: Nothing };
  /** Who may log in on this device. */
  logins: { request: Nothing; view: Array<LoginChoice> };
  /** Enrols this device with the county and makes its first login. */
  set_up: { request: SetUpRequest; view: StatusView };
  /** Opens the desk for a member of staff. */
  log_in: { request: LogInRequest; view: StatusView };
  /** Opens a locked desk for the same member of staff, or brings back the keys after a PIN did. */
  unlock: { request: UnlockRequest; view: StatusView };
  /** Opens a locked desk for the same member of staff by the PIN of this shift. */
  unlock_with_pin: { request: UnlockWithPinRequest; view: StatusView };
  /** Chooses a PIN for this shift. */
  set_pin: { request: SetPinRequest; view: StatusView };
  /** Forgets the PIN of this shift. */
  forget_pin: { request: Nothing; view: StatusView };
  /** Hides everything at once; sync and running work go on. */
  lock: { request: Nothing; view: StatusView };
  /** Logs out: forgets all keys. */
  close: { request: Nothing; view: StatusView };
  /** Chooses another password. */
  change_password: { request: ChangePasswordRequest; view: StatusView };
  /** Takes up an invitation by its one-time code, and logs in. */
  accept_invitation: { request: AcceptInvitationRequest; view: StatusView };
  /** Lets a new member of staff in, or one who forgot the password. */
  invite_login: { request: InviteRequest; view: InvitationView };
  /** Makes a recovery code to be printed; the one before opens nothing from then on. */
  make_recovery_code: { request: Nothing; view: RecoveryCodeView };
  /** Makes a manager's login by the printed recovery code, and logs in. */
  recover_login: { request: RecoverLoginRequest; view: StatusView };
  /** Sets after how long without a touch this device locks itself. */
  set_idle_time: { request: SetIdleTimeRequest; view: Nothing };
  /** Today's sessions and who is here. */
  today: { request: Nothing; view: TodayView };
  /** Finds families by parts of names, phone tail, postcode or birth date. */
  search: { request: SearchRequest; view: SearchView };
  /** Fetches a family of another centre by the full name and birth date of somebody in it. */
  fetch_family: { request: FetchFamilyRequest; view: FetchedFamilyView };
  /** Everything about a family on one page. */
  family: { request: FamilyRequest; view: FamilyView };
  /** Signs family members in to a session. */
  sign_in: { request: SignInRequest; view: SignedInView };
  /** Signs people out. */
  sign_out: { request: SignOutRequest; view: SignedOutView };
  /** Takes back what was just done. */
  undo: { request: UndoRequest; view: Nothing };
  /** The privacy notices in force, in every form and language. */
  notices: { request: Nothing; view: Array<NoticeView> };
  /** A notice as it was shown to somebody once. */
  shown_notice: { request: NoticeSeen; view: NoticeView };
  /** Records that a notice was shown to members of a family. */
  record_notice_shown: { request: RecordNoticeShownRequest; view: Nothing };
  /** Checks a registration without saving it: problems, dates as understood, likely duplicates. */
  check_registration: { request: RegistrationRequest; view: RegistrationCheck };
  /** Registers a family. */
  register: { request: RegistrationRequest; view: RegisteredView };
  /** Corrects a person's details. */
  edit_person: { request: EditPersonRequest; view: Nothing };
  /** Corrects a family's details. */
  edit_family: { request: EditFamilyRequest; view: Nothing };
  /** Moves a family to another centre. */
  move_family: { request: MoveFamilyRequest; view: Nothing };
  /** Merges two records of one person. */
  merge_people: { request: MergePeopleRequest; view: Nothing };
  /** Merges two records of one family, with everybody who is in both. */
  merge_families: { request: MergeFamiliesRequest; view: Nothing };
  /** Undoes a merge. */
  unmerge: { request: UnmergeRequest; view: UnmergedView };
  /** Adds a new person to a family. */
  add_member: { request: AddMemberRequest; view: AddedMemberView };
  /** Adds somebody who is known already: a child of two homes, a grandparent. */
  add_existing_member: { request: AddExistingMemberRequest; view: Nothing };
  /** Keeps what was typed in a form. */
  save_draft: { request: SaveDraftRequest; view: Nothing };
  /** What was typed in a form and not yet saved. */
  draft: { request: DraftRequest; view: DraftView };
  /** Throws a draft away. */
  discard_draft: { request: DraftRequest; view: Nothing };
  /** Records on what ground an adult decides for a child. */
  record_authority: { request: RecordAuthorityRequest; view: RecordedAuthorityView };
  /** What people can be asked for, and in which languages. */
  askable: { request: Nothing; view: Array<AskableView> };
  /** Locks the program to one family's consent pages. */
  begin_hand_over: { request: BeginHandOverRequest; view: HandOverView };
  /** The consent pages that the program is locked to. */
  hand_over: { request: Nothing; view: HandOverView };
  /** What the parent who has taken the tablet answered before. */
  earlier_answers: { request: EarlierAnswersRequest; view: Array<HeadView> };
  /** Keeps a parent's decisions. */
  decide: { request: DecideRequest; view: DecidedView };
  /** Ends the hand-over: needs the staff member's password. */
  end_hand_over: { request: UnlockRequest; view: StatusView };
  /** Takes consent back, and with it every picture that rested on it. */
  withdraw_consent: { request: WithdrawRequest; view: WithdrawnView };
  /** Which pictures a withdrawal would take away. */
  withdrawal_check: { request: WithdrawalCheckRequest; view: WithdrawalCheckView };
  /** The withdrawals that were reported and wait for a ruling. */
  reported_withdrawals: { request: Nothing; view: Array<ReportView> };
  /** Rules on a withdrawal that was reported. */
  rule_on_withdrawal: { request: RuleOnWithdrawalRequest; view: JudgedView };
  /** Records that a decision was recorded by mistake. */
  mark_misrecorded: { request: MarkMisrecordedRequest; view: JudgedView };
  /** Records that somebody no longer decides for a child, or that it is in dispute whether they do. */
  end_authority: { request: EndAuthorityRequest; view: JudgedView };
  /** What is stopped for somebody, and why. */
  stops: { request: StopsRequest; view: StopsView };
  /** Stops the use of somebody's pictures or words, whatever was decided. */
  stop_use: { request: StopUseRequest; view: JudgedView };
  /** Ends a stop. */
  end_stop: { request: EndStopRequest; view: JudgedView };
  /** What somebody, or who decides for them, said when. */
  consent_history: { request: ConsentHistoryRequest; view: Array<ConsentEventView> };
  /** The receipt of decisions that were signed together, to look at and to print. */
  receipt: { request: ReceiptRequest; view: ReceiptView };
  /** Saves that receipt as a PDF where files go on this computer. */
  save_receipt: { request: ReceiptRequest; view: SavedFileView };
  /** Tells whether the ledger holds just what a receipt says. */
  check_receipt: { request: CheckReceiptRequest; view: ReceiptCheckView };
  /** Tells of each record or receipt in a file whether the ledger holds just what it says. */
  check_records: { request: CheckRecordsRequest; view: Array<ReceiptCheckView> };
  /** Saves the records of consent about somebody for other systems. */
  export_consent: { request: ExportConsentRequest; view: SavedFileView };
  /** Who of these people may be photographed at a session. */
  photo_check: { request: PhotoCheckRequest; view: PhotoCheckView };
  /** Who may not be photographed at a session, of those who are here and those who are expected. */
  no_photos: { request: NoPhotosRequest; view: NoPhotosView };
  /** Stores a picture of people who permit it. */
  add_photo: { request: AddPhotoRequest; view: PhotoView };
  /** The photos of a family or a session. */
  photos: { request: PhotosRequest; view: Array<PhotoView> };
  /** Removes a photo or a quote for good, because somebody asks or it should not have been kept. */
  remove_photo: { request: RemovePhotoRequest; view: PhotoView };
  /** Stores a picture of a crowd in a public place. */
  add_crowd_photo: { request: AddCrowdPhotoRequest; view: PhotoView };
  /** The pictures of crowds. */
  crowd_photos: { request: Nothing; view: Array<PhotoView> };
  /** A picture's bytes. */
  photo_picture: { request: PhotoPictureRequest; view: PictureView };
  /** Whose words may be written down. */
  quote_check: { request: QuoteCheckRequest; view: Array<PhotoPersonView> };
  /** Stores what somebody said who permits it. */
  add_quote: { request: AddQuoteRequest; view: PhotoView };
  /** What the members of a family said, or everybody. */
  quotes: { request: QuotesRequest; view: Array<PhotoView> };
  /** Where photos are published, and what has to come down. */
  publications: { request: PublicationsRequest; view: Array<PublicationView> };
  /** How much has to come down, and by when. */
  takedowns: { request: Nothing; view: TakedownsView | null };
  /** Records where photos are published: for what everybody in them permits. */
  publish_photos: { request: PublishPhotosRequest; view: Array<PublicationView> };
  /** Saves the files of publications, with what may be done with them. */
  save_published: { request: SavePublishedRequest; view: SavedFileView };
  /** What a picture may be used for. */
  picture_channels: { request: Nothing; view: Array<Channel> };
  /** Somebody asks that a picture be taken down that is not in Porch. */
  request_removal: { request: RequestRemovalRequest; view: PublicationView };
  /** Records how a publication ended. */
  record_takedown: { request: RecordTakedownRequest; view: PublicationView };
  /** Writes a sealed note that only safeguarding can read. */
  write_concern: { request: WriteConcernRequest; view: WrittenConcernView };
  /** The sealed notes, for those whose login holds the key. */
  concerns: { request: Nothing; view: Array<ConcernView> };
  /** Orders that a person be erased, here and everywhere. */
  erase_person: { request: ErasePersonRequest; view: ErasureOrderedView };
  /** Meets the county server now; in the background that goes on, also while locked. */
  sync_now: { request: Nothing; view: StatusView };
  /** Enrols this device once more, when the county does not know it any more; nothing here is lost. */
  enrol_again: { request: EnrolAgainRequest; view: StatusView };
  /** Who saw and changed what on this device, and whether the chain is whole. */
  audit: { request: AuditRequest; view: AuditView };
}
