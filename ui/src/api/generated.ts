
export type Code =
  // general
  | "unknown_command" | "malformed_request" | "not_allowed" | "not_found" | "busy" | "storage_full" | "internal"
  // states
  | "not_set_up" | "closed" | "locked" | "already_open" | "hand_over_active"
  | "no_keyring" | "keyring_locked" | "keyring_secret_missing" | "database_newer" | "database_altered" | "database_corrupt"
  // logins
  | "wrong_password" | "slowed_down" | "login_blocked" | "password_too_short" | "password_too_common" | "code_wrong" | "code_expired"
  // forms
  | "required" | "invalid_date" | "date_in_future" | "date_too_early" | "invalid_postcode" | "invalid_nhs_number" | "invalid_phone"
  | "invalid_email" | "too_long" | "invalid_name" | "notice_not_shown" | "no_adult" | "changed_meanwhile" | "invalid"
  // desk
  | "already_signed_in" | "already_signed_out" | "session_not_today"
  // consent and photos
  | "no_consent" | "no_authority" | "consent_withdrawn" | "consent_expired" | "never_photograph" | "nobody_in_picture" | "not_a_picture"
  | "picture_too_large" | "picture_removed" | "signature_missing" | "unanswered" | "wording_outdated" | "decision_seen_outdated"
  // county
  | "unreachable" | "county_refused" | "county_certificate" | "county_code" | "update_needed" | "device_revoked";
export interface Problem { field: string; code: Code }
export interface Refusal { code: Code; field: string | null; problems: Problem[]; retry_after_s: number | null }

export type Role = "reception" | "outreach" | "practitioner" | "manager" | "safeguarding" | "data_protection" | "county_it" | "helper";
export type DeskState = "not_set_up" | "closed" | "locked" | "open" | "hand_over" | "no_keyring" | "unusable";
export type SyncState = "never" | "idle" | "working" | "offline" | "attention";

export interface StatusView {
  state: DeskState;
  /** Why unusable / attention: what the window explains. */
  trouble: Code | null;
  device_name: string | null;
  centre: string | null;       // name
  login: LoginView | null;     // who is logged in (also while locked)
  unsent: number;              // transactions only on this device
  set_aside: number;           // arrived records the store refused
  conflicts: number;
  last_synced_at: string | null;
  sync: SyncState;
  audit_intact: boolean;
  clock_off_s: number;         // seconds this clock differs from the county's; 0 when within a minute
  today: string;               // date in London
}
export interface LoginView { user: string; name: string; role: Role; may: string[] } // may: action names, see Action

export type Action = "sign_in" | "register" | "edit" | "take_consent" | "add_photo" | "withdraw_consent" | "write_concern" | "read_concerns"
  | "invite_login" | "read_audit" | "sync" | "set_up";

export interface LoginChoice { user: string; name: string; role: Role; state: "active" | "invited" | "blocked" }
export interface SetUpRequest { server: string; county_certificate: string; code: string; device_name: string; name: string; password: string }
export interface InviteRequest { user: string | null; name: string; role: Role }
export interface InvitationView { user: string; code: string; expires_at: string }

export interface TodayView { date: string; sessions: SessionView[]; here: HereView[] }
export interface SessionView { id: string; activity: string; venue: string; starts_at: string; ends_at: string; places: number | null;
  adults: number; children: number; babies: number; never_photograph: boolean; drop_off: boolean }
export interface HereView { attendance: string; person: string; family: string; name: string; age: Age | null; kind: PersonKind; session: string; arrived_at: string; marks: Mark[] }
export type PersonKind = "adult" | "child" | "baby" | "staff";
export interface Age { years: number; months: number }
export interface Mark { kind: "allergy" | "no_photos" | "details_to_confirm" | "protected" | "message"; detail: string | null }

export interface SearchView { text: string; tiers: SearchTier[] }
export interface SearchTier { tier: "here_or_expected" | "this_centre" | "rest"; families: FamilyHit[]; more: boolean }
export interface FamilyHit { family: string; name: string; members: MemberHit[]; marks: Mark[]; postcode: string | null; phone_tail: string | null; here: boolean; last_came_on: string | null }
export interface MemberHit { person: string; name: string; age: Age | null; kind: PersonKind; matched: boolean; here: boolean }

export interface FamilyView {
  family: string; name: string; centre: string; address: string | null; postcode: string | null; no_fixed_address: boolean; protected: boolean;
  note: string | null; versions: string; members: MemberView[]; attendances: VisitView[]; notices: NoticeShownView[]; marks: Mark[];
  last_time: string[];           // persons to tick
  sessions_now: string[];        // today's sessions to offer, likeliest first
}
export interface MemberView {
  person: string; membership: string; role: MembershipRole; given_name: string; family_name: string; known_as: string | null; name: string;
  kind: PersonKind; birth_date: string | null; due_date: string | null; age: Age | null; phone: string | null; email: string | null; nhs_number: string | null; language: string | null;
  allergies: string | null; parental_responsibility: boolean | null; other_families: string[]; versions: string;
  here: string | null;           // attendance id when signed in now
  permissions: PermissionView[]; // per purpose
}
export type MembershipRole = "parent_carer" | "child" | "expectant_parent" | "grandparent" | "other_adult" | "emergency_contact";
export interface PermissionView { purpose: Purpose; state: "none" | "yes" | "some" | "no"; granted: string[]; refused: string[]; decided_on: string | null; decided_by: string | null; decisions: string[] }
export type Purpose = "publicity_picture" | "publicity_quote" | "development_record" | "news_and_events" | "research_contact";
export interface VisitView { date: string; activity: string; people: string[] }
export interface NoticeShownView { person: string; notice: string; version: number; language: string; shown_at: string }

export interface SignedInView { attendances: string[]; undo: string; people: string[] }
export interface SignedOutView { undo: string; people: string[] }

export interface NoticeView { notice: string; version: number; language: string; title: string; paragraphs: string[]; sha256: string }
export interface RegistrationRequest {
  adults: PersonForm[]; children: PersonForm[];
  address: string; postcode: string; no_fixed_address: boolean; note: string;
  notice: { notice: string; version: number; language: string; sha256: string } | null;   // what was shown
  sign_in_to: string | null;     // a session: register and sign in at once
}
export interface PersonForm { given_name: string; family_name: string; known_as: string; birth_date: string; due_date: string; phone: string; email: string;
  nhs_number: string; language: string; allergies: string; role: MembershipRole; parental_responsibility: boolean | null }
export interface RegistrationCheck { problems: Problem[]; warnings: Problem[]; dates: Record<string, string>; /* field -> date as understood */ likely: LikelyDuplicate[] }
export interface LikelyDuplicate { family: string; person: string; name: string; birth_date: string | null; because: ("name" | "birth_date" | "phone" | "nhs_number" | "postcode")[] }

export interface HandOverView { family: string; deciders: DeciderView[]; subjects: SubjectView[]; wordings: WordingView[]; notice: NoticeView }
export interface DeciderView { person: string; name: string; may_decide_for: { person: string; authority: string | null }[] }
export interface SubjectView { person: string; name: string; kind: PersonKind; heads: HeadView[] } // heads: this decider's own earlier answers are told apart by decider
export interface HeadView { decision: string; decider: string; granted: string[]; refused: string[]; decided_on: string }
export interface WordingView { wording: string; version: number; language: string; purpose: Purpose; title: string; what: string[]; channels: { channel: string; label: string; hint: string | null }[]; how_to_change: string; valid_for_months: number; sha256: string }
export type Ground = "mother" | "father" | "court_order" | "guardian" | "care_order" | "delegated";
export type Evidence = "seen" | "declared";
export interface DecideRequest { decider: string; answers: SubjectAnswers[]; signature: Stroke[]; typed_name: string | null; witness: string | null; language: string; help: "none" | "interpreter" | "read_aloud"; }
export interface SubjectAnswers { subject: string; authority: string | null; wording: string; version: number; granted: string[]; refused: string[]; replaces: string[] }
export type Stroke = { points: { x: number; y: number; t: number; pressure: number }[] };
export interface ConsentEventView { at: string; kind: "decision" | "withdrawal" | "authority" | "authority_end"; by: string; purpose: Purpose | null; granted: string[]; refused: string[]; taken_by: string }

export interface PhotoView { photo: string; taken_at: string; caption: string | null; people: { person: string; name: string }[]; channels: string[]; width: number; height: number; state: "here" | "on_its_way" | "removed" | "suspended" }

export interface ConcernView { concern: string; about: string | null; about_name: string | null; text: string; written_by: string; written_at: string; call_made: boolean }

export interface AuditView { entries: AuditEntryView[]; broken_at: number | null; checked: number }
export interface AuditEntryView { number: number; at: string; by: string; action: string; kind: string | null; record: string | null; fields: string[] }

export type Event = { kind: "changed"; what: string[] } | { kind: "status"; status: StatusView };
export type Nothing = Record<string, never>;
export interface PhotoCheckView { people: { person: string; name: string; permitted: boolean; reason: Code | null }[]; session_allows: boolean }
export interface AddPhotoRequest { session: string | null; people: string[]; taken_at: string; caption: string; picture: string }
export interface WithdrawConsentRequest { subject: string; purpose: Purpose; decisions: string[]; channels: string[] | null; by: string; how: "in_person" | "identity_checked" }
export interface DraftView { body: string | null; saved_at: string | null }

export interface Api {
  status: { request: Nothing; view: StatusView };
  logins: { request: Nothing; view: LoginChoice[] };
  set_up: { request: SetUpRequest; view: StatusView };
  log_in: { request: { user: string; password: string }; view: StatusView };
  unlock: { request: { password: string }; view: StatusView };
  lock: { request: Nothing; view: StatusView };
  close: { request: Nothing; view: StatusView };
  change_password: { request: { old_password: string; new_password: string }; view: StatusView };
  invite_login: { request: InviteRequest; view: InvitationView };
  accept_invitation: { request: { user: string; code: string; password: string }; view: StatusView };
  today: { request: Nothing; view: TodayView };
  search: { request: { text: string; limit: number }; view: SearchView };
  family: { request: { family: string }; view: FamilyView };
  sign_in: { request: { session: string; family: string; people: string[] }; view: SignedInView };
  sign_out: { request: { attendances: string[]; collected_by: string | null }; view: SignedOutView };
  undo: { request: { undo: string }; view: Nothing };
  notice: { request: Nothing; view: NoticeView };
  check_registration: { request: RegistrationRequest; view: RegistrationCheck };
  register: { request: RegistrationRequest; view: { family: string } };
  edit_person: { request: { person: string; versions: string; form: PersonForm }; view: Nothing };
  edit_family: { request: { family: string; versions: string; address: string; postcode: string; no_fixed_address: boolean; note: string }; view: Nothing };
  add_member: { request: { family: string; form: PersonForm }; view: { person: string } };
  add_existing_member: { request: { family: string; person: string; role: MembershipRole }; view: Nothing };
  save_draft: { request: { form: string; body: string }; view: Nothing };
  draft: { request: { form: string }; view: DraftView };
  discard_draft: { request: { form: string }; view: Nothing };
  begin_hand_over: { request: { family: string }; view: HandOverView };
  hand_over: { request: Nothing; view: HandOverView };
  record_authority: { request: { child: string; holder: string; ground: Ground; evidence: Evidence }; view: { authority: string } };
  decide: { request: DecideRequest; view: { decisions: string[]; reference: string } };
  end_hand_over: { request: { password: string }; view: StatusView };
  withdraw_consent: { request: WithdrawConsentRequest; view: { withdrawal: string; photos_removed: number } };
  consent_history: { request: { person: string }; view: ConsentEventView[] };
  photo_check: { request: { session: string | null; people: string[] }; view: PhotoCheckView };
  add_photo: { request: AddPhotoRequest; view: PhotoView };
  photos: { request: { family: string | null; session: string | null }; view: PhotoView[] };
  photo_picture: { request: { photo: string; size: "thumbnail" | "full" }; view: { media_type: string; picture: string } };
  write_concern: { request: { about: string | null; text: string; call_made: boolean }; view: { concern: string; phone: string } };
  concerns: { request: Nothing; view: ConcernView[] };
  sync_now: { request: Nothing; view: StatusView };
  audit: { request: { before: number | null; limit: number }; view: AuditView };
}
