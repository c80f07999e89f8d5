package browsertest

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

//go:embed audit.js
var auditScript string

const (
	ended    = chromedp.CSS(`#check[data-ended]`)
	approved = chromedp.CSS(`.verdict.d-approved`)
)

var vendors = []string{"jumio", "transmit", "didit", "yoti"}

// audit fails the test for each fault of the page.
func audit(t *testing.T, ctx context.Context, page string) {
	t.Helper()
	settle(t, ctx)
	for _, f := range value[[]string](t, ctx, auditScript) {
		t.Errorf("%s: %s", page, f)
	}
}

// begin starts a check of a vendor on the start page with the outcome that begins with word.
func begin(t *testing.T, ctx context.Context, vendor, word string) {
	t.Helper()
	do(t, ctx, chromedp.Navigate(home))
	choose := fmt.Sprintf(`(() => {const s = document.getElementById("o-%s");
		return s.selectedIndex = [...s.options].findIndex(o => o.text.startsWith(%q))})()`, vendor, word)
	if value[int](t, ctx, choose) < 0 {
		t.Fatalf("%s has no outcome %s", vendor, word)
	}
	do(t, ctx, chromedp.Click(chromedp.CSS(`form:has(#o-`+vendor+`) button`)), chromedp.WaitReady(ended))
}

// inView tells whether an element can be seen now.
func inView(selector string) string {
	return fmt.Sprintf(`(() => {const b = document.querySelector(%q).getBoundingClientRect();
		return b.height > 0 && b.top >= 0 && b.bottom <= innerHeight + 1})()`, selector)
}

func TestChecks(t *testing.T) {
	for _, width := range []int64{1280, 360} {
		for i, vendor := range vendors {
			t.Run(fmt.Sprintf("%s-%d", vendor, width), func(t *testing.T) {
				ctx := tab(t, width, i%2 == 1)
				begin(t, ctx, vendor, "approved")
				do(t, ctx, chromedp.WaitVisible(approved))
				if text := value[string](t, ctx, `document.getElementById("announce").textContent`); text != "" && !strings.Contains(text, "approved") {
					t.Errorf("announced: %q", text)
				}
				audit(t, ctx, "check")
				shot(t, ctx, "check")

				// From the evidence to the value and back.
				do(t, ctx, chromedp.Click(chromedp.CSS(`#evidence-1 a.ref`)))
				if hash := value[string](t, ctx, `location.hash`); hash != "#value-1" || !value[bool](t, ctx, inView("#value-1")) {
					t.Errorf("the value of evidence 1 is not in view at %s", hash)
				}
				shot(t, ctx, "evidence")
				do(t, ctx, chromedp.Click(chromedp.CSS(`#value-1`)))
				if hash := value[string](t, ctx, `location.hash`); hash != "#evidence-1" || !value[bool](t, ctx, inView("#evidence-1")) {
					t.Errorf("evidence 1 is not in view at %s", hash)
				}

				if n := value[int](t, ctx, `document.querySelectorAll("#person .hidden").length`); n == 0 {
					t.Error("personal data is not hidden")
				}
				do(t, ctx, chromedp.Click(chromedp.CSS(`form[action$="/reveal"] button`)),
					chromedp.WaitVisible(chromedp.CSS(`form[action$="/hide"]`)))
				if n := value[int](t, ctx, `[...document.querySelectorAll(".hidden")].filter((e) => e.textContent !== "secret").length`); n != 0 {
					t.Errorf("%d values are still hidden", n)
				}
				audit(t, ctx, "personal data")
				shot(t, ctx, "personal-data")
				do(t, ctx, chromedp.Click(chromedp.CSS(`form[action$="/hide"] button`)), chromedp.WaitVisible(chromedp.CSS(`.hidden`)))
			})
		}
	}
}

func TestOutcomes(t *testing.T) {
	for _, c := range []struct{ vendor, outcome string }{
		{"jumio", "declined"}, {"transmit", "input required"}, {"didit", "abandoned"}, {"yoti", "review"}, {"yoti", "unknown"},
	} {
		t.Run(c.vendor+"-"+c.outcome, func(t *testing.T) {
			ctx := tab(t, 360, false)
			begin(t, ctx, c.vendor, c.outcome)
			if got := value[string](t, ctx, `document.getElementById("verdict").textContent`); got != c.outcome {
				t.Errorf("the verdict is %q", got)
			}
			audit(t, ctx, c.outcome)
			shot(t, ctx, "outcome")
		})
	}
}

func TestPages(t *testing.T) {
	for _, width := range []int64{1280, 360} {
		for _, dark := range []bool{false, true} {
			name := fmt.Sprintf("%d-dark-%t", width, dark)
			t.Run(name, func(t *testing.T) {
				ctx := tab(t, width, dark)
				begin(t, ctx, "jumio", "review")
				for _, page := range []string{"/", "/mappings"} {
					do(t, ctx, chromedp.Navigate(home+page), chromedp.WaitVisible(chromedp.CSS(`h1`)))
					audit(t, ctx, page)
					shot(t, ctx, "page"+strings.ReplaceAll(page, "/", "-"))
				}
			})
		}
	}
}

// focused describes what has the focus and whether that can be seen.
const focused = `(() => {const e = document.activeElement, s = getComputedStyle(e);
	return [e === document.body ? "" : (e.id || e.getAttribute("href") || e.textContent.trim()),
		e === document.body || (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2) ? "" : "no outline"]})()`

// tabThrough presses Tab until the focus has gone round and returns where it was.
func tabThrough(t *testing.T, ctx context.Context) []string {
	t.Helper()
	var stops []string
	for range 200 {
		do(t, ctx, chromedp.KeyEvent(kb.Tab))
		at := value[[]string](t, ctx, focused)
		if at[0] == "" || (len(stops) > 0 && at[0] == stops[0]) {
			return stops
		}
		if at[1] != "" {
			t.Errorf("%s: %s", at[0], at[1])
		}
		stops = append(stops, at[0])
	}
	t.Fatal("the focus does not come round")
	return nil
}

func TestKeyboard(t *testing.T) {
	ctx := tab(t, 1280, false)
	do(t, ctx, chromedp.Navigate(home), chromedp.WaitVisible(chromedp.CSS(`h1`)))
	want := []string{"#main", "/", "/mappings"}
	for _, v := range []struct{ id, name string }{{"jumio", "Jumio"}, {"transmit", "Transmit Security"}, {"didit", "Didit"}, {"yoti", "Yoti"}} {
		want = append(want, "o-"+v.id, "Start with "+v.name)
	}
	if got := tabThrough(t, ctx); !slices.Equal(got, want) {
		t.Errorf("the focus goes\n%q, want\n%q", got, want)
	}

	// The skip link leads past the navigation; the rest goes without a mouse as well.
	do(t, ctx, chromedp.Navigate(home), chromedp.WaitVisible(chromedp.CSS(`h1`)), chromedp.KeyEvent(kb.Tab))
	shot(t, ctx, "skip-link")
	do(t, ctx, chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.Tab))
	if at := value[[]string](t, ctx, focused); at[0] != "o-jumio" {
		t.Errorf("after the skip link the focus is at %q", at[0])
	}
	do(t, ctx, chromedp.KeyEvent("d"), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Enter), chromedp.WaitReady(ended))
	if got := value[string](t, ctx, `document.getElementById("verdict").textContent`); got != "declined" {
		t.Errorf("the verdict is %q", got)
	}
	stops := tabThrough(t, ctx)
	for _, stop := range []string{"#value-1", "value-1", "Show personal data", "Delete at the vendor and here"} {
		if !slices.Contains(stops, stop) {
			t.Errorf("%s is not reached by Tab: %q", stop, stops)
		}
	}
	do(t, ctx, chromedp.Focus(chromedp.CSS(`#evidence-1 a.ref`)), chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.Tab))
	// The next stop after the jump is the link back, or the one behind it.
	const around = `(() => {const all = [...document.querySelectorAll("a[id^=value-]")].map((e) => e.id), i = all.indexOf("value-1"); return all.slice(i, i + 2)})()`
	if at, next := value[[]string](t, ctx, focused), value[[]string](t, ctx, around); !slices.Contains(next, at[0]) {
		t.Errorf("after the jump to the value the focus is at %q, want one of %q", at[0], next)
	}
}

// The page follows a check without being loaded again.
func TestLive(t *testing.T) {
	address, stop, err := startConsole()
	if err != nil {
		t.Fatal(err)
	}
	ctx := tab(t, 360, false)
	do(t, ctx, chromedp.Navigate(address), chromedp.Click(chromedp.CSS(`form:has(#o-jumio) button`)), chromedp.WaitVisible(chromedp.CSS(`#steps li`)))
	settle(t, ctx)
	before := value[int](t, ctx, `(window.same = true, document.querySelectorAll("#steps li").length)`)
	if got := value[string](t, ctx, `document.getElementById("verdict").textContent`); got != "pending" {
		t.Errorf("at first the verdict is %q", got)
	}
	audit(t, ctx, "running")
	shot(t, ctx, "running")
	do(t, ctx, chromedp.WaitReady(ended))
	if !value[bool](t, ctx, `window.same === true`) {
		t.Error("the page was loaded again")
	}
	if after := value[int](t, ctx, `document.querySelectorAll("#steps li").length`); after <= before {
		t.Errorf("%d steps, and %d before", after, before)
	}
	want := []string{"The check has ended: approved", "Jumio: approved · kyc-go console"}
	if got := value[[]string](t, ctx, `[document.getElementById("announce").textContent, document.title]`); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	// It ends though the tab is open.
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestWithoutScript(t *testing.T) {
	ctx := tab(t, 360, false)
	call(t, ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	do(t, ctx, chromedp.Navigate(home),
		chromedp.Click(chromedp.CSS(`form:has(#o-didit) button`)),
		chromedp.WaitReady(ended), chromedp.WaitVisible(approved))
	shot(t, ctx, "without-script")
}

func TestDelete(t *testing.T) {
	ctx := tab(t, 360, false)
	begin(t, ctx, "transmit", "approved")
	do(t, ctx, chromedp.Click(chromedp.CSS(`form[action$="/delete"] button`)), chromedp.WaitVisible(chromedp.CSS(`#yours`)))
	if n := value[int](t, ctx, `document.querySelectorAll(".rows li").length`); n != 0 {
		t.Errorf("%d checks are left", n)
	}
}
