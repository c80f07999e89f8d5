package transmittest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/transmit/transmittest"
)

// wire sends plain HTTP, so that the server is looked at without the client's help.
type wire struct {
	t     *testing.T
	fake  *transmittest.Server
	token string
}

func newWire(t *testing.T, opts ...transmittest.Option) *wire {
	t.Helper()
	fake := transmittest.NewServer(opts...)
	t.Cleanup(fake.Close)
	w := &wire{t: t, fake: fake}
	status, body := w.send("POST", "/oidc/token", "application/x-www-form-urlencoded", url.Values{
		"client_id": {transmittest.ClientID}, "client_secret": {transmittest.ClientSecret}, "grant_type": {"client_credentials"}, "resource": {transmit.Resource},
	}.Encode())
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	if status != 200 || json.Unmarshal(body, &answer) != nil || strings.Count(answer.AccessToken, ".") != 2 {
		t.Fatalf("token: %d %s", status, body)
	}
	w.token = answer.AccessToken
	return w
}

func (w *wire) send(method, path, contentType, body string) (int, []byte) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.fake.URL()+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	if w.token != "" {
		req.Header.Set("Authorization", "Bearer "+w.token)
	}
	resp, err := w.fake.Client().Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return resp.StatusCode, got
}

func (w *wire) json(method, path, body string) (int, map[string]any) {
	w.t.Helper()
	contentType := "application/json"
	if body == "" {
		contentType = ""
	}
	status, raw := w.send(method, "/verify/api/v1"+path, contentType, body)
	var out map[string]any
	_ = json.Unmarshal(raw, &out)
	return status, out
}

const started = `{"start":{"consent":{"granted":true,"document_id":"c"}}}`

// What the vendor would refuse is refused and noted.
func TestStrict(t *testing.T) {
	w := newWire(t)
	_, session := w.json("POST", "/verification", started)
	id := session["session_id"].(string)
	_, waiting := w.json("POST", "/verification", `{}`)
	tiny := `{"image":{"format":"jpg","image_type":"selfie","content":"iVBORw0KGgo="}}`
	for name, c := range map[string]struct {
		method, path, body string
		status             int
		rule               string
	}{
		"unknown member":        {"POST", "/verification", `{"callbackUrl":"https://example.com"}`, 400, "schema"},
		"wrong type":            {"POST", "/verification", `{"state":1}`, 400, "schema"},
		"consent without text":  {"POST", "/verification", `{"start":{"consent":{"granted":true}}}`, 400, "schema"},
		"unlisted verdict":      {"POST", "/verification", `{"mock_behavior":{"recommendation":"allow"}}`, 400, "schema"},
		"duplicate member":      {"POST", "/verification", `{"state":"a","state":"b"}`, 400, "json"},
		"no JSON":               {"POST", "/verification", `{"state":`, 400, "json"},
		"two words":             {"POST", "/verification", `{"customer_information":{"external_user_id":"jane doe"}}`, 400, "request"},
		"no URL":                {"POST", "/verification", `{"callback_url":"back"}`, 400, "request"},
		"unknown parameter":     {"GET", "/verification/" + id + "/result?details=true", "", 400, "query"},
		"odd parameter":         {"GET", "/verification/" + id + "/result?detailed=yes", "", 400, "query"},
		"odd format":            {"GET", "/verification/" + id + "/images/x?format=png", "", 404, ""},
		"no image":              {"POST", "/verification/" + id + "/images", `{}`, 400, "schema"},
		"PNG":                   {"POST", "/verification/" + id + "/images", tiny, 400, "image"},
		"other format":          {"POST", "/verification/" + id + "/images", strings.Replace(tiny, `"jpg"`, `"png"`, 1), 400, "image"},
		"broken base64":         {"POST", "/verification/" + id + "/images", strings.Replace(tiny, "iVBO", "??", 1), 400, "image"},
		"not started":           {"POST", "/verification/" + waiting["session_id"].(string) + "/images", imageBody(transmit.ImageTypeSelfie, ""), 400, "order"},
		"unknown session":       {"GET", "/verification/none/result", "", 404, ""},
		"trailing slash":        {"GET", "/verification/" + id + "/", "", 404, "route"},
		"wrong method":          {"PATCH", "/verification/" + id, "", 405, "method"},
		"body with a get":       {"GET", "/verification/" + id + "/result", `{}`, 400, "body"},
		"face without an image": {"POST", "/face-auth", `{"reference":{"type":"raw","format":"jpg"}}`, 400, "schema"},
		"face as data URL":      {"POST", "/face-auth", `{"reference":{"type":"raw","format":"jpg","content":"data:image/jpeg;base64,QUJD"}}`, 400, "image"},
		"face with a format":    {"POST", "/face-auth", `{"reference":{"type":"raw","format":"string","content":"QUJD"}}`, 400, "image"},
	} {
		before := len(w.fake.Problems())
		status, _ := w.json(c.method, c.path, c.body)
		problems := w.fake.Problems()[before:]
		if status != c.status || (c.rule == "") != (len(problems) == 0) || (len(problems) > 0 && !strings.Contains(problems[0], ": "+c.rule+": ")) {
			t.Errorf("%s: %d, %v", name, status, problems)
		}
		for _, p := range problems {
			if strings.Contains(p, "jane") {
				t.Errorf("%s: the problem repeats the value: %v", name, p)
			}
		}
	}
	good := w.token
	for token, noted := range map[string]bool{"": true, "forged": true} {
		w.token = token
		before := len(w.fake.Problems())
		if status, _ := w.json("GET", "/verification/"+id+"/result", ""); status != 401 || (len(w.fake.Problems()) > before) != noted {
			t.Errorf("token %q: %d", token, status)
		}
	}
	w.token = good
	w.fake.RevokeTokens()
	before := len(w.fake.Problems())
	if status, _ := w.json("GET", "/verification/"+id+"/result", ""); status != 401 || len(w.fake.Problems()) != before {
		t.Errorf("revoked token: %d", status)
	}
}

func imageBody(image transmit.ImageType, id string) string {
	rc, _ := transmittest.JPEG(image).Open()
	data, _ := io.ReadAll(rc)
	body := map[string]any{"format": "jpg", "image_type": image, "content": data}
	if id != "" {
		body["image_id"] = id
	}
	out, _ := json.Marshal(map[string]any{"image": body})
	return string(out)
}

// capturing, processing, complete; and what is refused in each.
func TestStates(t *testing.T) {
	now := time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)
	w := newWire(t, transmittest.Clock(func() time.Time { return now }), transmittest.Processing(10*time.Second), transmittest.Recaptures(1), transmittest.Needs("document_front", "selfie"))
	_, session := w.json("POST", "/verification", started)
	id := session["session_id"].(string)
	if session["start_token"] != nil || fmt.Sprint(session["missing_images"]) != "[document_front selfie]" {
		t.Errorf("%v", session)
	}
	state := func(want string) {
		t.Helper()
		if _, result := w.json("GET", "/verification/"+id+"/result?detailed=true", ""); result["status"] != want {
			t.Errorf("status %v, want %s", result["status"], want)
		}
	}
	add := func(image transmit.ImageType, callerID string, status int, complete any) {
		t.Helper()
		if got, answer := w.json("POST", "/verification/"+id+"/images", imageBody(image, callerID)); got != status || answer["complete"] != complete {
			t.Errorf("add %s: %d %v", image, got, answer)
		}
	}
	state("capturing")
	add("document_front", "one", 200, false)
	add("selfie", "one", 400, nil)
	add("selfie", "two", 200, true)
	state("processing")
	add("selfie", "", 400, nil)
	now = now.Add(10 * time.Second)
	state("recapture")
	state("recapture")
	add("document_front", "", 200, false)
	state("capturing")
	add("selfie", "", 200, true)
	now = now.Add(9 * time.Second)
	state("processing")
	now = now.Add(time.Second)
	state("complete")
	add("selfie", "", 400, nil)
	if problems := w.fake.Problems(); len(problems) != 1 || !strings.Contains(problems[0], ": image: ") {
		t.Errorf("%v", problems)
	}
}

// Every recommendation and every reason can be scripted, and lands in the check that the vendor documents it for.
func TestScriptedReasons(t *testing.T) {
	for _, row := range append(transmit.Reasons(), transmit.ReasonRow{Check: "risk_recommendation", Code: "made_up", Against: true}) {
		fake := transmittest.NewServer(transmittest.Outcome(transmit.RecommendationChallenge, row.Code), transmittest.InMemory())
		client, err := transmit.NewClient(fake.Config(), fake.Options()...)
		if err != nil {
			t.Fatal(err)
		}
		session, err := client.Sessions.Create(t.Context(), transmit.SessionRequest{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fake.Visit(client.HostedURL(session)); err != nil {
			t.Fatal(err)
		}
		result, err := client.Fetch(t.Context(), kyc.Ref{Session: session.SessionID})
		if err != nil || result.Decision != kyc.Review {
			t.Fatalf("%v, %v", result, err)
		}
		found := false
		for _, c := range result.Checks {
			if c.VendorName == row.Check && c.Decision == kyc.Review {
				found = len(c.Reasons) == 1 && c.Reasons[0].Code == row.Code || !row.Against && len(c.Reasons) == 0
			}
		}
		if !found && row.Code != "face_not_found" {
			t.Errorf("%s is not where %s lists it", row.Code, row.Check)
		}
		if row.Code != "made_up" && len(fake.Problems()) > 0 {
			t.Error(fake.Problems())
		}
		fake.Close()
	}
}

func TestSeedRepeats(t *testing.T) {
	run := func() string {
		w := newWire(t, transmittest.Seed(7))
		_, session := w.json("POST", "/verification", `{}`)
		return fmt.Sprint(session["session_id"], session["start_token"], w.token[strings.LastIndex(w.token, "."):])
	}
	a, b := run(), run()
	if strings.Split(a, ".")[0] != strings.Split(b, ".")[0] {
		t.Errorf("%s and %s", a, b)
	}
	if a, b := bytesOfJPEG(t, "selfie"), bytesOfJPEG(t, "document_front"); bytes.Equal(a, b) {
		t.Error("two types look the same")
	}
}

func bytesOfJPEG(t *testing.T, image transmit.ImageType) []byte {
	t.Helper()
	rc, err := transmittest.JPEG(image).Open()
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(rc)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestCallbackAndSingleUse(t *testing.T) {
	w := newWire(t)
	_, session := w.json("POST", "/verification", `{"callback_url":"myapp://done?x=1","state":"s 1"}`)
	page := kyc.Secret(w.fake.URL() + "/verify/app/" + session["start_token"].(string))
	callback, err := w.fake.Visit(page)
	if err != nil || !strings.HasPrefix(callback, "myapp://done?") || !strings.Contains(callback, "sessionId="+session["session_id"].(string)) || !strings.Contains(callback, "state=s+1") {
		t.Errorf("%s, %v", callback, err)
	}
	if _, err := w.fake.Visit(page); err == nil {
		t.Error("the start token was good twice")
	}
	if _, err := w.fake.Visit(kyc.Secret(w.fake.URL() + "/verify/app/none")); err == nil {
		t.Error("an unknown start token was good")
	}
	if got := w.fake.Sessions(); len(got) != 1 || got[0] != session["session_id"] {
		t.Errorf("%v", got)
	}
}

func TestFaultsAndCounts(t *testing.T) {
	fake := transmittest.NewServer(transmittest.Fault(2, kyctest.ServerError), transmittest.FaultEvery("Sessions.Delete", kyctest.EmptyNotFound), transmittest.Retention(time.Hour))
	defer fake.Close()
	client, err := transmit.NewClient(fake.Config(), fake.Options()...)
	if err != nil {
		t.Fatal(err)
	}
	// The first request is the one for the token.
	if _, err := client.Sessions.Create(t.Context(), transmit.SessionRequest{}); !errors.Is(err, kyc.ErrUnavailable) {
		t.Errorf("%v", err)
	}
	session, err := client.Sessions.Create(t.Context(), transmit.SessionRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Sessions.Delete(t.Context(), session.SessionID); !errors.Is(err, kyc.ErrNotFound) {
		t.Errorf("%v", err)
	}
	fake.ClearFaults()
	if err := client.Sessions.Delete(t.Context(), session.SessionID); err != nil {
		t.Error(err)
	}
	if n := fake.Connections(); n != 1 || len(fake.Requests()) != 5 {
		t.Errorf("%d connections, %d requests", n, len(fake.Requests()))
	}
}

func TestStreamRules(t *testing.T) {
	w := newWire(t)
	call := func(method, query string) int {
		t.Helper()
		status, _ := w.send(method, "/activities/v1/activities/"+query, "", "")
		return status
	}
	for _, c := range []struct {
		method, query string
		status        int
	}{
		{"PUT", "stream?type=verify&stream_id=a", 403}, {"DELETE", "stop-collect?type=verify", 403}, {"POST", "collect?type=verify&stream_id=a", 403},
		{"PUT", "start-collect?type=cis", 400}, {"PUT", "start-collect", 400}, {"PUT", "start-collect?type=verify", 200}, {"PUT", "start-collect?type=verify", 409},
		{"PUT", "stream?type=verify", 406}, {"PUT", "stream?type=verify&stream_id=a+b", 406}, {"PUT", "stream?type=verify&stream_id=a", 200},
		{"PUT", "stream?type=verify&stream_id=a", 409}, {"POST", "collect?type=verify&stream_id=b", 404}, {"POST", "collect?type=verify&stream_id=a&batch_size=0", 400},
		{"POST", "collect?type=verify&stream_id=a&batch_size=1001", 400}, {"POST", "collect?type=verify&stream_id=a", 201}, {"DELETE", "stream?type=verify&stream_id=b", 404},
		{"DELETE", "stream?type=verify&stream_id=a", 200}, {"DELETE", "stop-collect?type=verify", 200},
	} {
		if status := call(c.method, c.query); status != c.status {
			t.Errorf("%s %s: %d, want %d", c.method, c.query, status, c.status)
		}
	}
	call("PUT", "start-collect?type=verify")
	for i := range 10 {
		if status := call("PUT", fmt.Sprintf("stream?type=verify&stream_id=s%d", i)); status != 200 {
			t.Errorf("stream %d: %d", i, status)
		}
	}
	if status := call("PUT", "stream?type=verify&stream_id=s11"); status != 429 {
		t.Errorf("one stream too many: %d", status)
	}
}

// Every outcome of the shared terms that the vendor has can be scripted, while the server runs too.
func TestDecisions(t *testing.T) {
	fake := transmittest.NewServer()
	defer fake.Close()
	client, err := transmit.NewClient(fake.Config(), kyc.WithHTTPClient(fake.HTTPClient()))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range kyc.Decisions() {
		script, ok := transmittest.Decision(want)
		if !ok {
			if want != kyc.Expired && want != kyc.Abandoned {
				t.Errorf("no script for %v", want)
			}
			continue
		}
		fake.Script(transmittest.Outcome(transmit.RecommendationAllow), transmittest.Status(""), transmittest.Recaptures(0), transmittest.Processing(0), script)
		session, err := client.Start(t.Context(), kyc.StartRequest{Reference: "r"})
		if err != nil {
			t.Fatal(err)
		}
		if !fake.Play(session.Ref.Session) || fake.Play("none") {
			t.Error("the session was not found, or one that does not exist was")
		}
		if _, err := fake.Visit(session.URL); err == nil {
			t.Error("the page can be visited after the user went on")
		}
		result, err := client.Fetch(t.Context(), session.Ref)
		if err != nil || result.Decision != want {
			t.Errorf("%v: %v, %v", want, result, err)
		}
	}
	if served := fake.Served(); len(served) < 15 {
		t.Errorf("%d values were served", len(served))
	}
	for _, p := range fake.Problems() {
		t.Error(p)
	}
}
