package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"time"
)

var tokenInput = regexp.MustCompile(`name="csrf" value="([0-9a-f]+)"`)

// demo does what a person with a browser does: with every vendor it starts a check that is approved,
// follows it to its end and looks at the page.
func demo(ctx context.Context, base *url.URL, all []*vendor, stdout io.Writer) error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	browser := &visitor{base: base, client: &http.Client{Jar: jar, Timeout: time.Minute}}
	defer browser.client.CloseIdleConnections()
	for _, v := range all {
		began := time.Now()
		if err := browser.check(ctx, v); err != nil {
			return fmt.Errorf("%s: %w", v.Name, err)
		}
		fmt.Fprintf(stdout, "%-18s approved, followed and shown in %d ms\n", v.Name, time.Since(began).Milliseconds())
	}
	page, err := browser.get(ctx, "/mappings")
	if err != nil {
		return err
	}
	for _, v := range all {
		if !strings.Contains(page, html.EscapeString(v.Table[0].Word)) {
			return fmt.Errorf("%s: the page of mappings lacks its words", v.Name)
		}
	}
	fmt.Fprintln(stdout, "mappings           shown")
	return nil
}

type visitor struct {
	base   *url.URL
	client *http.Client
}

func (b *visitor) check(ctx context.Context, v *vendor) error {
	home, err := b.get(ctx, "/")
	if err != nil {
		return err
	}
	token := tokenInput.FindStringSubmatch(home)
	if token == nil {
		return errors.New("the start page has no form")
	}
	form := url.Values{"csrf": {token[1]}, "vendor": {string(v.ID)}, "outcome": {v.Outcomes[0].Word}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, b.base.JoinPath("checks").String(), strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := b.client.Do(req)
	if err != nil {
		return err
	}
	if err := resp.Body.Close(); err != nil {
		return err
	}
	// The client has followed the redirect to the check.
	path := resp.Request.URL.Path
	if resp.StatusCode != http.StatusOK || !strings.HasPrefix(path, "/checks/") {
		return fmt.Errorf("start: status %d", resp.StatusCode)
	}
	if err := b.follow(ctx, path); err != nil {
		return err
	}
	page, err := b.get(ctx, path)
	if err != nil {
		return err
	}
	for _, want := range []string{`class="verdict d-approved"`, `id="evidence-1"`, `id="value-1"`, `class="hidden"`} {
		if !strings.Contains(page, want) {
			return fmt.Errorf("the page of the check lacks %s", want)
		}
	}
	return nil
}

// follow reads the stream of a check until it tells of the end.
func (b *visitor) follow(ctx context.Context, path string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.base.JoinPath(path, "events").String(), nil)
	if err != nil {
		return err
	}
	resp, err := b.client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }() // it was read as far as it matters
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		if lines.Text() == "event: end" {
			return nil
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return errors.New("the stream ended before the check did")
}

func (b *visitor) get(ctx context.Context, path string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.base.JoinPath(path).String(), nil)
	if err != nil {
		return "", err
	}
	resp, err := b.client.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }() // read to its end below
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: status %d", path, resp.StatusCode)
	}
	return string(body), err
}
