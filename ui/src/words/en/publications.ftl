# Where pictures and quotes are used, and what has to be taken down.
publish-choose = { $what ->
    [words] Choose quotes
   *[picture] Choose pictures
  }
publish-choose-stop = Stop choosing
publish-chosen = { $what ->
    [words] { $count ->
        [0] Use the chosen quotes…
        [one] Use 1 chosen quote…
       *[other] Use { $count } chosen quotes…
      }
   *[picture] { $count ->
        [0] Use the chosen pictures…
        [one] Use 1 chosen picture…
       *[other] Use { $count } chosen pictures…
      }
  }
publish-one = { $what ->
    [words] Use this quote…
   *[picture] Use this picture…
  }
publish-title = { $what ->
    [words] { $count ->
        [one] Use a quote
       *[other] Use { $count } quotes
      }
   *[picture] { $count ->
        [one] Use a picture
       *[other] Use { $count } pictures
      }
  }
publish-nothing-title = { $what ->
    [words] { $count ->
        [one] This quote may not be used
       *[other] These quotes may not be used together
      }
   *[picture] { $count ->
        [one] This picture may not be used
       *[other] These pictures may not be used together
      }
  }
publish-nothing = { $what ->
    [crowd] It may no longer be shown.
    [words] { $count ->
        [one] There is nothing that they have said yes to.
       *[other] There is nothing that everybody quoted has said yes to. Choose fewer, and try again.
      }
   *[picture] { $count ->
        [one] There is nothing that everybody in it has said yes to.
       *[other] There is nothing that everybody in these pictures has said yes to. Choose fewer, and try again.
      }
  }
publish-fewer = Choose fewer
publish-channel = { $count ->
    [one] What will it be used for?
   *[other] What will they be used for?
  }
publish-channel-hint = Only what everybody shown has said yes to
publish-name = { $count ->
    [one] What name stands under it?
   *[other] What name stands under them?
  }
publish-quoted-hint = { $count ->
    [one] Only what they have said yes to
   *[other] Only what everybody quoted has said yes to
  }
publish-place = Where exactly?
publish-place-names = Do not write anybody’s name here.
publish-hint-centre-display = Which wall or screen.
publish-hint-council-website = The address of the page.
publish-hint-social-media = The address of the post.
publish-hint-print = Which leaflet or poster, and when it comes out.
publish-hint-press = Which paper or programme.
publish-hint-partner = Where they show it.
publish-hint-other = Say it so that others find it.
publish-from = From which day on?
publish-save = { $what ->
    [words] Save the quotes as text files, with a sheet that says what they may be used for
   *[picture] Save the picture files, with a sheet that says what they may be used for
  }
publish-go = Record it
publish-problem-channel = Choose what it is for
publish-problem-name = Choose what name stands there
publish-problem-name-gone = The yes to this name was taken back. Close this, and try again
publish-problem-place = Say where exactly
publish-problem-before = { $what ->
    [words] This is before it was written down
   *[picture] This is before the picture was taken
  }
publish-problem-far = This is more than a year from now
publish-problem-over = { $what ->
    [words] By then the yes of somebody quoted is over
   *[picture] By then the yes of somebody shown is over
  }
publish-problem-many = { $what ->
    [words] Choose at most { $count } quotes at a time
   *[picture] Choose at most { $count } pictures at a time
  }
publish-done = { $what ->
    [words] { $count ->
        [one] Recorded: 1 quote for “{ $channel }”.
       *[other] Recorded: { $count } quotes for “{ $channel }”.
      }
   *[picture] { $count ->
        [one] Recorded: 1 picture for “{ $channel }”.
       *[other] Recorded: { $count } pictures for “{ $channel }”.
      }
  }
publish-saved = Saved in { $folder }: { $file }
publish-not-saved = It is recorded, but the files were not saved
publish-not-saved-text = You can save them later, from the list of what is in use.
publish-cannot-save = This computer would not take the files. Ask county IT to look at the folder where files go.
publish-save-again = Try to save again
publish-list = Open the list

takedown-open = It is gone…
takedown-title = It is gone
takedown-may-stay = It may stay. Here you record that its time is over.
takedown-outcome = How did it end?
takedown-outcome-removed = It is not there any more
takedown-outcome-stock-withdrawn = What was printed is no longer handed out
takedown-outcome-cannot-be-recalled = It cannot be called back
takedown-outcome-cannot-be-recalled-hint = It is not used again, and whoever asked was told
takedown-outcome-other = It has ended
takedown-on = On which day?
takedown-proof = What shows that?
takedown-proof-hint = { $what ->
    [words] Who looked, and what they saw. Not the words, and no names.
   *[picture] Who looked, and what they saw. No names of people in the picture.
  }
takedown-problem-outcome = Say how it ended
takedown-problem-proof = Say what shows that
takedown-problem-recorded = Somebody has recorded this already. Close this, and look under “Ended”.
takedown-problem-before = This is before it was there
takedown-go = Record it
takedown-done = Recorded. It is under “Ended” now.

uses-title = Pictures and quotes in use
uses-lead = Where pictures and quotes are used, and what has to come down. When a yes is taken back, or one of them is removed, it has to be gone by the day that is shown.
uses-tab-due = { $count ->
    [0] To take down
   *[other] To take down ({ $count })
  }
uses-tab-live = In use
uses-tab-ended = Ended
uses-none-due = Nothing has to come down
uses-none-due-text = When a yes is taken back, or a picture or quote is removed, each place where the picture or quote is used is shown here.
uses-none-live = Nothing is in use
uses-none-live-text = Open the pictures of a family, a session or an event, or a family’s quotes, and choose some to use them.
uses-none-ended = Nothing has ended yet
uses-none-ended-text = What was taken down is shown here, and how that is known.
uses-picture = { $names }, taken { $date }
uses-crowd = { $place }, taken { $date }. A crowd: nobody is named
uses-quote = { $names }, written down { $date }
uses-picture-hidden = Not shown here
uses-picture-unknown = Not one of the pictures or quotes here
uses-reference = Reference
uses-which = { $what ->
    [words] Quote
    [picture] Picture
   *[unknown] Picture or quote
  }
uses-name = Name under it
uses-for = Used for
uses-from = From
uses-by = Recorded by
uses-live = In use
uses-from-then = Not there yet
uses-due = Take it down by { $date }
uses-due-today = Take it down today
uses-overdue = Overdue since { $date }
uses-ended = Ended
uses-ended-on = Ended on { $date }: { $how }
uses-proof = What shows that
uses-ended-by = End recorded by
uses-save = Save the files again
uses-print = Print
uses-as-of = As of { $when }. Shred this list when you are done.

photo-uses = Where it is used
photo-uses-none = It has not been used anywhere.
photo-uses-reading = Looking where it is used

takedowns-waiting = { $count ->
    [one] 1 picture or quote has to be taken down
   *[other] { $count } pictures or quotes have to be taken down
  }
takedowns-by = { $count ->
    [one] It has to be gone by { $date }.
   *[other] The first has to be gone by { $date }.
  }
takedowns-late = { $count ->
    [one] 1 is overdue, since { $date }.
   *[other] { $count } are overdue, the first since { $date }.
  }
takedowns-open = See what and where

removal-open = Somebody asks for a picture or quote to come down…
removal-title = A picture or quote is to come down
removal-text = Anybody may ask, also for one that is not here. It is on this list until somebody records that it is gone.
removal-here = If it is here, open it and remove it there. If somebody takes back a yes, open their family and withdraw it there.
removal-channel = Where is it?
removal-elsewhere = Somewhere else
removal-place = Where exactly, and which picture or quote?
removal-place-hint = What it shows or is about, so that others find it.
removal-go = Put it on the list
removal-done = It is on the list. The reference for whoever asked: { $reference }
removal-problem-channel = Choose where it is
