package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const (
	// showFor is how long personal data is shown once somebody has asked for it.
	showFor = 5 * time.Minute
	// heartbeat keeps proxies from closing a quiet stream.
	heartbeat = 15 * time.Second
	startTime = 40 * time.Second
)

func (a *app) home(w http.ResponseWriter, r *http.Request) {
	a.renderHome(w, r, a.session(w, r), http.StatusOK, homePage{})
}

// references are those that the console makes.
var references = regexp.MustCompile(`^console-[A-Z2-7]{8}$`)

func (a *app) start(w http.ResponseWriter, r *http.Request, session string) {
	v := a.vendor(r.PostForm.Get("vendor"))
	if v == nil {
		a.renderHome(w, r, session, http.StatusUnprocessableEntity, homePage{Fault: "Choose one of the vendors."})
		return
	}
	index := -1
	for i, o := range v.Outcomes {
		if o.Word == r.PostForm.Get("outcome") {
			index = i
		}
	}
	if index < 0 && v.Live == "" {
		a.renderHome(w, r, session, http.StatusUnprocessableEntity, homePage{Fault: "Choose one of the outcomes that the fake can produce."})
		return
	}
	o := order{owner: session, vendor: v, index: index}
	if v.Live != "" {
		o.workflow = strings.TrimSpace(r.PostForm.Get("workflow"))
	}
	if text := r.PostForm.Get("reference"); references.MatchString(text) {
		o.reference = text
	}
	ctx, cancel := context.WithTimeout(r.Context(), startTime)
	defer cancel()
	c, err := a.begin(ctx, o)
	if err != nil {
		a.log.WarnContext(ctx, "start failed", "vendor", v.ID, "fault", faultText(err))
		a.notStarted(w, r, o, err)
		return
	}
	http.Redirect(w, r, "/checks/"+c.ID, http.StatusSeeOther)
}

// notStarted shows the start page again. If there may be a session all the same, it says so, and the form keeps the reference.
func (a *app) notStarted(w http.ResponseWriter, r *http.Request, o order, err error) {
	status := http.StatusBadGateway
	if errors.Is(err, kyc.ErrInvalid) {
		status = http.StatusUnprocessableEntity
	}
	p := homePage{Fault: o.vendor.Name + ": the check was not started. " + faultText(err)}
	if open, ok := errors.AsType[*uncertainStart](err); ok {
		p.Fault = fmt.Sprintf("%s: whether the check was started is not certain. A session may exist at the vendor and may be billed. "+
			"Look there for the reference %s before you press Start again; Start will use the same reference. %s",
			o.vendor.Name, open.reference, faultText(err))
		p.Again = again{Vendor: o.vendor.ID, Reference: open.reference, Workflow: o.workflow}
		if o.vendor.Live == "" {
			p.Again.Outcome = o.vendor.Outcomes[o.index].Word
		}
	}
	a.renderHome(w, r, o.owner, status, p)
}

// own finds the check of the path among those of the browser's session.
func (a *app) own(w http.ResponseWriter, r *http.Request) *check {
	var c *check
	if cookie, err := r.Cookie(sessionCookie); err == nil {
		c = a.find(cookie.Value, r.PathValue("id"))
	}
	if c == nil {
		a.fail(w, r, http.StatusNotFound, "There is no such check in this browser's session. Checks live in the console's memory and are gone when it ends.")
	}
	return c
}

func (a *app) showCheck(w http.ResponseWriter, r *http.Request) {
	if c := a.own(w, r); c != nil {
		a.render(w, r, http.StatusOK, "check", a.checkPage(c, time.Now()))
	}
}

func (a *app) reveal(w http.ResponseWriter, r *http.Request, _ string) {
	if c := a.own(w, r); c != nil {
		c.show(time.Now().Add(showFor))
		http.Redirect(w, r, "/checks/"+c.ID+"#person", http.StatusSeeOther)
	}
}

func (a *app) hide(w http.ResponseWriter, r *http.Request, _ string) {
	if c := a.own(w, r); c != nil {
		c.show(time.Time{})
		http.Redirect(w, r, "/checks/"+c.ID+"#person", http.StatusSeeOther)
	}
}

func (a *app) remove(w http.ResponseWriter, r *http.Request, _ string) {
	c := a.own(w, r)
	if c == nil {
		return
	}
	if err := a.forget(r.Context(), c); err != nil {
		a.fail(w, r, http.StatusBadGateway, "The vendor did not delete the check: "+faultText(err))
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (a *app) mappings(w http.ResponseWriter, r *http.Request) {
	a.render(w, r, http.StatusOK, "mappings", a.mappingsPage())
}

// events streams the steps of a check. A browser that reconnects says which one it saw last.
func (a *app) events(w http.ResponseWriter, r *http.Request) {
	c := a.own(w, r)
	if c == nil {
		return
	}
	next := 0
	for _, text := range []string{r.URL.Query().Get("after"), r.Header.Get("Last-Event-ID")} {
		if n, err := strconv.Atoi(text); err == nil {
			next = max(n, 0)
		}
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.WriteHeader(http.StatusOK)
	out := http.NewResponseController(w)
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		steps, ended, changed := c.since(next)
		var b bytes.Buffer
		for _, s := range steps {
			next++
			data, err := json.Marshal(map[string]string{
				"at": s.At.Format(time.RFC3339), "clock": s.At.Format(time.TimeOnly), "text": s.Text, "decision": s.Decision.String(), "words": words(s.Decision),
			})
			if err != nil {
				return
			}
			fmt.Fprintf(&b, "id: %d\nevent: step\ndata: %s\n\n", next, data)
		}
		if ended {
			b.WriteString("event: end\ndata: {}\n\n")
		}
		if b.Len() > 0 {
			if _, err := w.Write(b.Bytes()); err != nil {
				return
			}
		}
		if err := out.Flush(); err != nil || ended {
			return
		}
		select {
		case <-changed:
		case <-beat.C:
			if _, err := fmt.Fprint(w, ": still here\n\n"); err != nil {
				return
			}
		case <-r.Context().Done():
			return
		case <-a.ctx.Done():
			return
		}
	}
}

func (a *app) fail(w http.ResponseWriter, r *http.Request, status int, text string) {
	a.render(w, r, status, "fault", faultPage{Title: http.StatusText(status), Text: text})
}

func (a *app) renderHome(w http.ResponseWriter, r *http.Request, session string, status int, p homePage) {
	a.render(w, r, status, "home", a.homePage(session, p))
}

// render writes a page when it is whole.
func (a *app) render(w http.ResponseWriter, r *http.Request, status int, name string, data any) {
	var b bytes.Buffer
	if err := a.pages[name].ExecuteTemplate(&b, "layout", data); err != nil {
		a.log.ErrorContext(r.Context(), "page failed", "page", name)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // a browser that is gone needs no page
}
