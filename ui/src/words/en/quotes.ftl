# Quotes: what people said, and writing it down.
quotes-title = Quotes
quotes-lead = What people said who let us use their words.
quotes-add = Write down a quote
quotes-empty = No quotes yet
quotes-empty-family = Words can be kept once whoever said them, or whoever decides for them, has said yes to that.
quotes-empty-all = To write one down, find the family first, then open Quotes on its page.
quotes-reading = Getting the quotes
quotes-count = { $count ->
    [one] 1 quote
   *[other] { $count } quotes
  }
quotes-most = The newest { $count } quotes
quote-words = “{ $words }”
quote-translated = Translated from { $language }
quote-open = Open
quote-open-of = quote of { $names }, { $date }
quote-may = May be used for: { $places }
quote-may-nothing = May be used for nothing at the moment
quote-names = May stand under it
quote-reason-no-consent = Nobody has said yes to quotes
quote-reason-no-authority = Nobody here has shown that they may decide
quote-reason-consent-withdrawn = The yes was taken back, or the answer was no
quote-reason-consent-expired = The yes has run out
quote-reason-other = Quotes are not allowed

attribution-full-name = Full name
attribution-first-name = First name only
attribution-anonymous = No name
attribution-other = Another name

add-quote-title = Write down a quote
add-quote-who = Who said it?
add-quote-checking = Looking who may be quoted
add-quote-nobody = Nobody in this family may be quoted
add-quote-nobody-text = Words are kept only after a yes in writing.
add-quote-ask = Ask the family for consent
add-quote-words = What did they say?
add-quote-words-hint = In their own words, without any names, not even their own. Nothing is kept until you save: if you leave this page, the words are gone.
add-quote-left = { $count ->
    [0] No room is left
    [one] Room for 1 more letter
   *[other] Room for { $count } more letters
  }
add-quote-over = { $count ->
    [one] 1 letter too many
   *[other] { $count } letters too many
  }
add-quote-translated = From which language did you translate it?
add-quote-translated-hint = Only if they said it in another language
add-quote-special = Do the words tell something about anybody’s health or sex life, religion or belief, race or where a family comes from, politics or a trade union?
add-quote-special-hint = Whoever it is about: themselves, their child or somebody else
add-quote-special-title = Porch cannot keep these words
add-quote-special-text = Nobody has been asked whether we may use that. Leave that part out, then answer No.
add-quote-save = Keep this quote
add-quote-kept = Quote kept.
add-quote-problem-person = Choose who said it
add-quote-problem-words = Write down what they said
add-quote-problem-special = Porch cannot keep words that tell this. Leave that part out, then answer No
