# Only on the page that shows the parts, which is built for tests.
gallery-title = Parts
gallery-sample = Sample
gallery-long = A name or sentence that is far longer than anybody planned for, with Przykładowy-Worthington-Featherstonehaugh in it
gallery-error = Say what to do next
gallery-hint = A hint is short
