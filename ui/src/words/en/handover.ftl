# What staff settle before the tablet changes hands.
handover-title = Ask for consent
handover-lead = Settle who decides. Then Porch locks to the consent pages, and you hand the tablet over.
handover-decider = Who will decide?
handover-decider-hint = The adult who will hold the tablet and sign
handover-registered-responsibility = Registration says: has parental responsibility
handover-no-adult-title = There is no adult in this family yet
handover-no-adult-text = Add a parent or carer to the family first.
handover-no-adult-do = Back to the family
handover-about = About whom?
handover-about-self = { $name }, for themself
handover-settled = May decide: recorded { $date }
handover-claims = May { $adult } decide?
handover-claims-lead = For each child the law asks who may say yes. Caring for a child is not enough by itself.
ground-question = What gives { $adult } the right to decide for { $child }?
ground-mother = Mother
ground-mother-hint = Gave birth to { $child }, or adopted { $child }
ground-father = Father
ground-father-hint = Married to the mother, or named on the birth certificate
ground-court-order = Court order or agreement
ground-court-order-hint = A paper that gives parental responsibility
ground-guardian = Guardian
ground-guardian-hint = Named in a will or by a court, after a parent died
ground-care-order = Care order
ground-care-order-hint = A social worker who decides for the local authority
ground-delegated = Written permission
ground-delegated-hint = Somebody who may decide has passed this on in writing
ground-none = None of these, or not sure
ground-none-hint = A step-parent, grandparent or foster carer without such a paper
ground-none-title = { $adult } cannot decide for { $child }
ground-none-text = Being a step-parent, a grandparent or a foster carer gives no right to decide by itself. Untick { $child } above, or ask the mother, the father or the centre manager. { $child } is welcome all the same; there will be no pictures of { $child }.
ground-same = The same for the other children
evidence-question = How do you know?
evidence-seen = I have seen the paper
evidence-seen-hint = Birth certificate, adoption order, court order or letter
evidence-declared = { $adult } told me
evidence-paper = Ask to see the paper if you can. If you only go by what you were told, say so.
handover-problem-who = Choose who will decide
handover-problem-nobody = Choose at least one person
handover-problem-ground = { $child }: choose what gives the right to decide
handover-problem-cannot = { $child }: untick this child, or choose another adult
handover-problem-evidence = { $child }: say how you know
handover-lock-text = After this, only these pages can be seen. Your password brings Porch back.
handover-go = Hand over to { $name }
handover-not-allowed-title = Your login may not take consent
handover-not-allowed-text = Ask somebody who may, or the centre manager.

# The pages that a parent sees. Short words, short sentences.
parent-band = Your choice
parent-stop = Stop
parent-notice = How we use your information
parent-progress = Question { $number } of { $of }
parent-wait = One moment
parent-failed-title = These pages cannot be shown
parent-failed-again = Try again
parent-continue = Continue
parent-restart-wording = The words of these questions have changed. Please read them again from the start.
parent-restart-decision = Somebody gave another answer in the meantime. Please look at the questions again.
parent-restart-authority = Something has changed about who may decide. Please give the tablet back and ask.

parent-start-title = It is your choice
parent-start-for = These questions are for { $name }.
parent-start-1 = We ask before we keep or use a picture of anybody.
parent-start-2 = You can say yes or no to each thing. Saying no is fine. You get the same help from us.
parent-start-3 = You can change your mind at any time.
parent-start-4 = It takes about three minutes. Take as long as you like.
parent-start-go = Start
parent-start-not-me = That is not me
parent-nothing-title = There is nothing to ask just now
parent-nothing-text = Please give the tablet back. A member of staff will help.
parent-give-back = Give the tablet back

parent-language-title = Which language do you want?
language-en = English
language-pl = Polski
language-ro = Română
language-ur = اردو
language-ar = العربية
language-uk = Українська
parent-decider-title = Who are you?
parent-problem-choose = Choose one

ask-self-publicity-picture = May we use pictures of you?
ask-self-publicity-quote = May we use your words?
ask-self-development-record = May we keep pictures in your record?
ask-self-news-and-events = May we send you news?
ask-self-research-contact = May we ask you about research?
ask-self-other = Your choice for yourself
ask-child-publicity-picture = May we use pictures of { $name }?
ask-child-publicity-quote = May we use what { $name } says?
ask-child-development-record = May we keep pictures of how { $name } grows?
ask-child-news-and-events = May we send news about { $name }?
ask-child-research-contact = May we ask about research with { $name }?
ask-child-other = Your choice for { $name }
parent-what = What this is for
parent-valid = Your yes lasts { $months ->
    [one] 1 month
    [12] one year
    [24] two years
    [36] three years
   *[other] { $months } months
  }. Then we ask again.
parent-earlier = Last time, on { $date }
parent-earlier-yes = You said yes to: { $places }
parent-earlier-no = You said no to: { $places }
parent-earlier-again = Please answer again. What you say now is what counts.
parent-where = Say yes or no to each place
parent-all-no = No to everything
parent-all-no-done = No to everything. You can still change each answer.
parent-same = Same for my other children
parent-copied-lead = You asked for the same answers as for { $name }. Please check them.
parent-copied-right = Yes, this is right
parent-copied-change = Change these answers
parent-unanswered = { $place }: answer yes or no

parent-help-title = Did somebody help you read this?
parent-help-hint = A relative, a friend or a child should not read it out for you. Ask us: we will find somebody.
parent-help-none = No, I read it myself
parent-help-interpreter = Yes, an interpreter helped me
parent-help-read-aloud = Yes, a member of staff read it to me
parent-help-unanswered = Say whether somebody helped you

parent-check-title = Check your answers
parent-check-yes = Yes
parent-check-no = No
parent-check-change = Change
parent-check-change-of = answers for { $name }
parent-check-you = You
parent-check-help = Help with reading
parent-check-go = These are my answers

parent-sign-title = Sign your name
parent-sign-says = By signing I say:
parent-sign-says-me = I am { $name }.
parent-sign-says-child = I may decide for { $names }.
parent-sign-label = Your signature
parent-sign-hint = Use a finger, a pen or a mouse. It does not have to be neat.
parent-sign-type = I would rather type my name
parent-sign-draw = I would rather sign
parent-sign-typed = Your full name
parent-sign-typed-hint = A member of staff has to see you do it
parent-sign-witness = For staff: I am { $staff }, and I saw { $name } do this
parent-sign-go = Sign and finish
parent-sign-missing = Sign in the box, or type your name
parent-sign-typed-missing = Type your full name
parent-sign-witness-missing = Ask the member of staff to tick that they saw you do this

parent-thanks-title = Thank you, { $name }
parent-thanks-kept = Your answers are kept.
parent-thanks-reference = Your reference
parent-thanks-reference-hint = You can write it down, or ask us for it later.
parent-thanks-change = If you change your mind
parent-thanks-finish = Finish

parent-back-title = Please hand the tablet back
parent-back-thanks = Your answers are kept. You do not need to do anything else.
parent-back-stopped = You stopped before the end. Nothing was kept.
parent-back-go-on = Go on with my answers
parent-back-staff = I am a member of staff
parent-back-staff-title = For staff
parent-back-password = { $name }, enter your password to open Porch again.
parent-back-open = Open Porch
parent-back-blocked = This login is blocked after too many wrong passwords. A centre manager can give a new code.
