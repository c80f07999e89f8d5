// Package browsertest runs examples/console in headless Chromium, at the width
// of a desktop and of a phone: it starts a check with each vendor, follows it to
// its end, walks through evidence by mouse and keyboard, and measures overflow
// and contrast in light and dark. Chromium has to be installed, as
// .ci/install-chromium does.
//
//	go -C examples/console/browsertest test -artifacts -outputdir DIR .
//
// keeps the screenshots in DIR.
package browsertest
