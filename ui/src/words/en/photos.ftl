# Pictures: the gallery, and adding one.
photos-title = Pictures
photos-in = Pictures from { $activity }
photos-session = Pictures
photos-session-of = from { $activity }
no-photos-link = No photos
no-photos-link-of = list for { $activity }
no-photos-title = No photos: { $activity }
no-photos-lead = Do not photograph the people on this list. Ask before you photograph anybody who is not signed in.
no-photos-when = { $venue }, { $when }
no-photos-here = Here now
no-photos-expected = Expected
no-photos-expected-hint = Their family came in the last 15 days
no-photos-none = Everybody who is here or expected may be photographed.
no-photos-none-here = Nobody on the list is here now.
no-photos-none-expected = Nobody else on the list is expected.
no-photos-hidden = { $count ->
    [one] There is 1 more person who may not be photographed. A manager can say who.
   *[other] There are { $count } more people who may not be photographed. A manager can say who.
  }
no-photos-never = Pictures are never taken in this session. Put the camera away.
no-photos-tear-up = Only for the person with the camera. As of { $when }. Shred this list after the session.
no-photos-print = Print
no-photos-reading = Getting the list
no-photos-back = Back to the desk
photos-back = Back to the family
photos-add = Add a picture
photos-empty = No pictures yet
photos-empty-text = A picture can be kept once everybody in it, or whoever decides for them, has said yes.
photos-count = { $count ->
    [one] 1 picture
   *[other] { $count } pictures
  }
photos-most = The newest { $count } pictures
photo-of = Picture of { $names }
photo-open = See the picture of { $names }, { $date }
photo-taken = { $what ->
    [words] Written down { $date }
   *[picture] Taken { $date }
  }
photo-who = { $what ->
    [words] Who said it
   *[picture] Who is in it
  }
photo-may = It may be used for
photo-may-nothing = Nothing at the moment
photo-full = { $what ->
    [words] Quote
   *[picture] Picture
  }
photo-another = Make a new one without somebody
photo-loading = Getting the picture
photo-state-here = Here
photo-state-on-its-way = On its way
photo-state-on-its-way-text = { $what ->
    [words] This quote is on its way from another device.
   *[picture] This picture is on its way from another device.
  }
photo-state-removed = Removed
photo-state-removed-text = { $what ->
    [words] This quote was removed for good. Only the note that it existed is kept.
   *[picture] This picture was removed for good. Only the note that it existed is kept.
  }
photo-state-suspended = On hold
photo-state-suspended-text = { $what ->
    [words] This quote is hidden until somebody has decided about it.
   *[picture] This picture is hidden until somebody has decided about it.
  }
photo-failed = The picture cannot be shown just now.

remove-open = Remove for good…
remove-title = { $what ->
    [words] Remove this quote for good?
   *[picture] Remove this picture for good?
  }
remove-text = It goes from every computer, and nobody can bring it back.
remove-permissions = What people said yes or no to stays as it is.
remove-withdraw = { $what ->
    [words] If none of their words may be used any more, take back their yes on their family’s page, too.
   *[picture] If somebody wants to be in no picture any more, take back their yes on their family’s page, too.
  }
remove-used = { $count ->
    [one] It is used in 1 place
   *[other] It is used in { $count } places
  }
remove-used-text = { $count ->
    [one] It has to be taken down there. It will stand under “To take down”.
   *[other] Each of them has to be taken down. They will stand under “To take down”.
  }
remove-why = Why does it go?
remove-asked = Somebody asked for it
remove-mistaken = It should not have been kept
remove-go = Remove for good
remove-problem-why = Say why it goes
remove-problem-gone = It was removed already, perhaps on another device. Close this
remove-done = { $count ->
    [0] Removed. Other computers remove it when they are next in touch.
   *[other] Removed. Other computers remove it when they are next in touch. Where it was used stands under “To take down” now.
  }

add-photo-title = Add a picture
add-photo-who = Who will be in it?
add-photo-who-hint = Everybody who can be recognised, at the edges too
add-photo-family = This family
add-photo-others = Others here now
add-photo-added = Also in it
add-photo-search = Somebody else
add-photo-search-hint = Type part of a name
add-photo-search-go = Find
add-photo-search-none = Nobody found with that name.
add-photo-search-add = Add { $name }
add-photo-session = Where is it taken?
add-photo-session-none = Not in a session
add-photo-session-before = An earlier session
add-photo-here = Here now
add-photo-may = May be photographed
add-photo-may-not = May not be photographed
add-photo-check-title = Somebody may not be photographed
add-photo-ask = Ask { $name } for consent
add-photo-untick = Untick whoever may not be photographed, or ask for consent first.
add-photo-never-title = No pictures in this session
add-photo-never-text = Pictures are never taken in this session. Put the camera away.
add-photo-all-may = Everybody you ticked may be photographed.
add-photo-problem-nobody = Tick who will be in the picture
add-photo-problem-checking = Porch is still checking. Try again in a moment.
add-photo-problem-refused = { $name }: { $reason }
add-photo-problem-still-in-it = { $names }: cover them, or keep only a part without them
add-photo-problem-picture = Take a picture or choose a file
add-photo-reason-no-consent = nobody has said yes to pictures
add-photo-reason-no-authority = nobody here has shown that they may decide
add-photo-reason-consent-withdrawn = the yes was taken back
add-photo-reason-consent-expired = the yes has run out
add-photo-reason-never-photograph = no pictures in this session
add-photo-reason-other = pictures are not allowed
add-photo-continue = Continue
add-photo-cancel = Cancel

add-photo-picture = The picture
add-photo-in-it = In it: { $names }
add-photo-people-change = Change who is in it
add-photo-camera = Use the camera
add-photo-file = Choose files
add-photo-drop = or drop pictures here
add-photo-drop-label = Add a picture from the camera or a file
camera-title = Camera
camera-live = What the camera sees
camera-opening = Opening the camera
camera-take = Take the picture
camera-close = Close the camera
camera-retake = Take another one
camera-switch = Other camera
camera-trouble = The camera did not open
camera-refused = Porch may not use the camera. Allow it in the computer’s settings, then try again. You can choose a file meanwhile.
camera-none = No camera was found on this computer. Choose a file.
camera-busy = Another program is using the camera. Close it, then try again.
camera-other = The camera did not start. Try again, or choose a file.
add-photo-preview = The picture to be kept
add-photo-memory = { $of ->
    [crowd] Nothing has been kept yet. Look at it first: does anybody stand out?
   *[people] Nothing has been kept yet. Look at it first: is anybody else in it?
  }
add-photo-alter-hint = { $of ->
    [crowd] Does somebody stand out? Cover them, or keep only a part. What is covered or cut away is not in the picture that is kept.
   *[people] Is somebody in it who did not say yes? Cover them, or keep only a part. What is covered or cut away is not in the picture that is kept.
  }
add-photo-alter-keys = Tap the picture where it is to be, or drag it or its corner. Arrow keys move it, with Shift they change its size, and Delete takes it away.
add-photo-from = Somebody will not be in this one. Untick them, then cover them or cut them away.
add-photo-cover = Cover somebody
add-photo-covered = Covered part { $number }
add-photo-uncover = Uncover part { $number }
add-photo-larger = Larger
add-photo-smaller = Smaller
add-photo-cut = Keep only a part
add-photo-whole = Keep all of it
add-photo-kept-part = The part that is kept
add-photo-number = Picture { $number } of { $total }
add-photo-skip = Leave this one out
add-photo-skipped = { $count ->
    [one] 1 file is not a picture, or is too large, and was left out.
   *[other] { $count } files are not pictures, or are too large, and were left out.
  }
add-photo-other-file = Choose another file
add-photo-caption = Caption
add-photo-caption-hint = What is going on. Names are kept separately.
add-photo-store = Keep this picture
add-photo-storing = Keeping the picture
add-photo-stored = Picture kept.
add-photo-refused-title = The picture was not kept
add-photo-refused-leave = If you leave this page, the picture is gone.
