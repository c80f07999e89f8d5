package transmit_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/transmit/transmittest"
)

func upload(image transmit.ImageType) transmit.ImageUpload {
	return transmit.ImageUpload{Type: image, File: transmittest.JPEG(image)}
}

func bytesOf(t testing.TB, f kyc.File) []byte {
	t.Helper()
	rc, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer rc.Close()
	data, err := io.ReadAll(rc)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestAddListAndGet(t *testing.T) {
	client, _ := start(t, transmittest.Feedback(transmit.ImageTypeDocumentFront, transmit.FeedbackGlare),
		transmittest.Feedback(transmit.ImageTypeSelfie, transmit.FeedbackRestrictedCriteria), transmittest.CustomFeedback("take off your hat"))
	session, err := client.Sessions.Create(t.Context(), startedSession())
	if err != nil {
		t.Fatal(err)
	}
	front := upload(transmit.ImageTypeDocumentFront)
	front.ImageID, front.Margins = "mine-1", &transmit.CaptureMargins{Top: 1, Bottom: 2, Left: 3, Right: 4}
	front.Device = &transmit.DeviceInfo{Model: "kiosk", UsedCamera: &transmit.DeviceCamera{Label: "front"}}
	receipt, err := client.Images.Add(t.Context(), session.SessionID, front)
	if err != nil || receipt.Accepted() || receipt.Feedback != transmit.FeedbackGlare || receipt.Feedback.Fault() != transmit.FaultQuality || len(receipt.MissingImages) != 3 {
		t.Fatalf("%v, %v", receipt, err)
	}
	front.ImageID = "mine-2"
	receipt, err = client.Images.Add(t.Context(), session.SessionID, front)
	if err != nil || !receipt.Accepted() || len(receipt.MissingImages) != 2 || *receipt.Complete {
		t.Fatalf("%v, %v", receipt, err)
	}
	receipt, err = client.Images.Add(t.Context(), session.SessionID, upload(transmit.ImageTypeSelfie))
	if err != nil || receipt.Accepted() || receipt.CustomFeedback != "take off your hat" || receipt.Feedback.Fault() != transmit.FaultDocument {
		t.Fatalf("%v, %v", receipt, err)
	}
	list, err := client.Images.List(t.Context(), session.SessionID)
	if err != nil || len(list.SessionImages) != 4 {
		t.Fatalf("%v, %v", list, err)
	}
	refined := list.SessionImages[2]
	if *refined.Original || refined.OriginalID != list.SessionImages[1].ID || !*list.SessionImages[0].Rejected {
		t.Errorf("%v", list)
	}
	var raw bytes.Buffer
	got, err := client.Images.Get(t.Context(), session.SessionID, list.SessionImages[1].ID, transmit.ImageRaw, &raw)
	if err != nil || !bytes.Equal(raw.Bytes(), bytesOf(t, front.File)) || got.ContentType != "image/jpg" || got.Bytes != int64(raw.Len()) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestGetBase64(t *testing.T) {
	want := base64.StdEncoding.EncodeToString(bytesOf(t, transmittest.JPEG(transmit.ImageTypeSelfie)))
	for _, form := range []transmittest.Base64Form{transmittest.Base64Plain, transmittest.Base64Quoted, transmittest.Base64DataURL} {
		client, fake := start(t, transmittest.Base64(form))
		id := finished(t, client, fake)
		list, err := client.Images.List(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, image := range list.SessionImages {
			if image.Type != transmit.ImageTypeSelfie {
				continue
			}
			var text bytes.Buffer
			got, err := client.Images.Get(t.Context(), id, image.ID, transmit.ImageBase64, &text)
			if err != nil || text.String() != want || got.Bytes != int64(len(want)) {
				t.Errorf("form %d: %v, %d bytes, want %d", form, err, text.Len(), len(want))
			}
		}
	}
}

// serve answers every call but the token's with one body.
func serve(t *testing.T, contentType string, body []byte) *transmit.Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/oidc/token" {
			_, _ = w.Write([]byte(`{"access_token":"t","token_type":"Bearer","expires_in":3600}`))
			return
		}
		w.Header()["Content-Type"] = []string{contentType}
		_, _ = w.Write(body)
	}))
	t.Cleanup(server.Close)
	client, err := transmit.NewClient(transmit.Config{ClientID: "id", ClientSecret: "s", BaseURL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestGetOddAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		format      transmit.ImageFormat
		contentType string
		body        string
		want        string
		bad         bool
	}{
		"wrapped lines":        {transmit.ImageBase64, "text/plain", "QUJD\r\nREVG\r\n", "QUJDREVG", false},
		"escaped slashes":      {transmit.ImageBase64, "application/json", `"\/9j\/4AA="`, "/9j/4AA=", false},
		"quoted data URL":      {transmit.ImageBase64, "application/json", ` "data:image/jpg;base64,QUJD" `, "QUJD", false},
		"begins as data":       {transmit.ImageBase64, "text/plain", "dataQUJD", "dataQUJD", false},
		"short":                {transmit.ImageBase64, "text/plain", "dat=", "dat=", false},
		"nothing":              {transmit.ImageBase64, "text/plain", ``, "", true},
		"empty text":           {transmit.ImageBase64, "application/json", `""`, "", true},
		"raw in its place":     {transmit.ImageBase64, "image/jpg", "\xff\xd8\xff\xe0", "", true},
		"a page":               {transmit.ImageBase64, "text/html", "<html></html>", "", true},
		"an object":            {transmit.ImageBase64, "application/json", `{"a":1}`, "", true},
		"text after the quote": {transmit.ImageBase64, "application/json", `"QUJD" QUJD`, "QUJD", true},
		"endless head":         {transmit.ImageBase64, "text/plain", "data:" + strings.Repeat("x", 300), "", true},
		"octets":               {transmit.ImageRaw, "application/octet-stream", "abc", "abc", false},
		"no type":              {transmit.ImageRaw, "", "abc", "abc", false},
		"a page for an image":  {transmit.ImageRaw, "text/html", "<html></html>", "", true},
		"JSON for an image":    {transmit.ImageRaw, "application/json", `"QUJD"`, "", true},
		"no bytes":             {transmit.ImageRaw, "image/jpg", "", "", true},
		"no bytes, no type":    {transmit.ImageRaw, "", "", "", true},
	} {
		var out bytes.Buffer
		got, err := serve(t, c.contentType, []byte(c.body)).Images.Get(t.Context(), "s", "i", c.format, &out)
		if c.bad != errors.Is(err, kyc.ErrMalformed) || (got == nil) != c.bad || (!c.bad && out.String() != c.want) {
			t.Errorf("%s: %q, %v", name, out.String(), err)
		}
	}
	client, fake := start(t)
	if _, err := client.Images.Get(t.Context(), "s", "i", "gif", io.Discard); !errors.Is(err, kyc.ErrInvalid) {
		t.Errorf("unknown format: %v", err)
	}
	if _, err := client.Images.Get(t.Context(), "s", "i", transmit.ImageRaw, nil); !errors.Is(err, kyc.ErrInvalid) {
		t.Errorf("no writer: %v", err)
	}
	if n := len(fake.Requests()); n != 0 {
		t.Errorf("%d requests went out", n)
	}
}

// An answer without content is no image, whatever was asked for.
func TestGetNoContent(t *testing.T) {
	client, err := transmit.NewClient(transmit.Config{ClientID: "id", ClientSecret: "s", BaseURL: "https://vendor.invalid"}, kyc.WithHTTPClient(&http.Client{
		Transport: answerer(func(r *http.Request) (int, string) {
			if strings.HasSuffix(r.URL.Path, "/token") {
				return http.StatusOK, `{"access_token":"t","expires_in":3600}`
			}
			return http.StatusNoContent, ""
		}),
	}))
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range []transmit.ImageFormat{transmit.ImageRaw, transmit.ImageBase64} {
		var out bytes.Buffer
		got, err := client.Images.Get(t.Context(), "s", "i", format, &out)
		var e *kyc.Error
		if !errors.Is(err, kyc.ErrMalformed) || got != nil || out.Len() != 0 || !errors.As(err, &e) || e.StatusCode != http.StatusNoContent {
			t.Errorf("%s: %v, %v", format, got, err)
		}
	}
}

func TestBadImagesAreRefusedBeforeTheNetwork(t *testing.T) {
	client, fake := start(t)
	png := []byte("\x89PNG\r\n\x1a\n0123456789")
	for name, u := range map[string]transmit.ImageUpload{
		"no file":       {Type: transmit.ImageTypeSelfie},
		"no type":       {File: transmittest.JPEG(transmit.ImageTypeSelfie)},
		"empty":         {Type: transmit.ImageTypeSelfie, File: kyc.FileBytes("a.jpg", "image/jpeg", nil)},
		"PNG":           {Type: transmit.ImageTypeSelfie, File: kyc.FileBytes("a.jpg", "image/jpeg", png)},
		"cut":           {Type: transmit.ImageTypeSelfie, File: kyc.FileBytes("a.jpg", "image/jpeg", []byte{0xff, 0xd8, 0xff})},
		"no such path":  {Type: transmit.ImageTypeSelfie, File: kyc.FileAt("no-such-dir/jane-doe.jpg")},
		"too small":     {Type: transmit.ImageTypeSelfie, File: kyc.FileBytes("a.jpg", "image/jpeg", frame(639, 480))},
		"too low":       {Type: transmit.ImageTypeSelfie, File: kyc.FileBytes("a.jpg", "image/jpeg", frame(640, 479))},
		"too wide":      {Type: transmit.ImageTypeSelfie, File: kyc.FileBytes("a.jpg", "image/jpeg", frame(3841, 480))},
		"too high":      {Type: transmit.ImageTypeSelfie, File: kyc.FileBytes("a.jpg", "image/jpeg", frame(640, 2161))},
		"no frame":      {Type: transmit.ImageTypeSelfie, File: kyc.FileBytes("a.jpg", "image/jpeg", []byte{0xff, 0xd8, 0xff, 0xda, 0, 2})},
		"length open":   {Type: transmit.ImageTypeSelfie, File: kyc.FileReader("a.jpg", "image/jpeg", bytes.NewReader(frame(640, 480)), -1)},
		"short segment": {Type: transmit.ImageTypeSelfie, File: kyc.FileBytes("a.jpg", "image/jpeg", []byte{0xff, 0xd8, 0xff, 0xe0, 0, 1})},
	} {
		_, err := client.Images.Add(t.Context(), "s", u)
		if !errors.Is(err, kyc.ErrInvalid) || strings.Contains(err.Error(), "jane") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, file := range []kyc.File{{}, kyc.FileBytes("a.jpg", "image/jpeg", png)} {
		if _, err := client.FaceAuth.Create(t.Context(), transmit.FaceReference{File: file}); !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("face: %v", err)
		}
	}
	if n := len(fake.Requests()); n != 0 {
		t.Errorf("%d requests went out", n)
	}
}

// frame is the head of a JPEG of a size, with padding and a segment in front of its frame header.
func frame(width, height int) []byte {
	return []byte{0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xff, 0xc2, 0, 17, 8, byte(height >> 8), byte(height), byte(width >> 8), byte(width), 1}
}

func TestImagesAtTheLimitsGoOut(t *testing.T) {
	for _, size := range [][2]int{{640, 480}, {3840, 2160}} {
		client := serve(t, "application/json", fixture(t, "image-added-ok.json"))
		u := transmit.ImageUpload{Type: transmit.ImageTypeSelfie, File: kyc.FileBytes("a.jpg", "image/jpeg", frame(size[0], size[1]))}
		if _, err := client.Images.Add(t.Context(), "s", u); err != nil {
			t.Errorf("%v: %v", size, err)
		}
	}
	client := serve(t, "application/json", fixture(t, "image-added-ok.json"))
	u := transmit.ImageUpload{Type: transmit.ImageTypeSelfie, Unchecked: true, File: kyc.FileBytes("a.jpg", "image/jpeg", []byte("anything"))}
	if _, err := client.Images.Add(t.Context(), "s", u); err != nil {
		t.Errorf("unchecked: %v", err)
	}
}

// An answer without feedback must not pass for an image that was taken.
func TestAddWithoutFeedback(t *testing.T) {
	for _, body := range []string{`{}`, `{"feedback":7,"complete":true,"missing_images":[]}`, `{"complete":true}`} {
		client := serve(t, "application/json", []byte(body))
		if receipt, err := client.Images.Add(t.Context(), "s", upload(transmit.ImageTypeSelfie)); !errors.Is(err, kyc.ErrMalformed) || receipt != nil {
			t.Errorf("%s: %v, %v", body, receipt, err)
		}
	}
	if transmit.Feedback("fine").Accepted() || transmit.Feedback("OK").Accepted() || transmit.Feedback("").Accepted() || transmit.Feedback("fine").Fault() != transmit.FaultOther {
		t.Error("a word that no list names is taken for acceptance")
	}
}

// An upload that was read once is not repeated; one that can be opened again is, where the vendor did nothing.
func TestAddIsRepeatedWhereSafe(t *testing.T) {
	data := bytesOf(t, transmittest.JPEG(transmit.ImageTypeSelfie))
	for name, c := range map[string]struct {
		file  kyc.File
		fault kyctest.Fault
		want  int
	}{
		"reopenable, unavailable":   {kyc.FileBytes("a.jpg", "image/jpeg", data), kyctest.Unavailable, 2},
		"reopenable, server error":  {kyc.FileBytes("a.jpg", "image/jpeg", data), kyctest.ServerError, 1},
		"reopenable, reset":         {kyc.FileBytes("a.jpg", "image/jpeg", data), kyctest.ResetAfterRead, 1},
		"read once, unavailable":    {kyc.FileReader("a.jpg", "image/jpeg", bytes.NewReader(data), int64(len(data))), kyctest.Unavailable, 1},
		"read once, and it is good": {kyc.FileReader("a.jpg", "image/jpeg", iotest.OneByteReader(bytes.NewReader(data)), int64(len(data))), kyctest.NoFault, 1},
	} {
		t.Run(name, func(t *testing.T) {
			_, fake := start(t)
			client := newClient(t, fake, quick())
			session, err := client.Sessions.Create(t.Context(), startedSession())
			if err != nil {
				t.Fatal(err)
			}
			if c.fault != kyctest.NoFault {
				fake.Inject(transmittest.FaultRule{Operation: "Images.Add", From: 1, To: 1, Faults: []kyctest.Fault{c.fault}})
			}
			_, err = client.Images.Add(t.Context(), session.SessionID, transmit.ImageUpload{Type: transmit.ImageTypeSelfie, File: c.file})
			if good := c.fault == kyctest.NoFault || c.want == 2; (err == nil) != good {
				t.Error(err)
			}
			if n := fake.Count("Images.Add"); n != c.want {
				t.Errorf("sent %d times, want %d", n, c.want)
			}
		})
	}
}

// zeros is a large image that nobody holds: a frame header and a lot of nothing.
type zeros struct{ head []byte }

func (z zeros) ReadAt(p []byte, off int64) (int, error) {
	clear(p)
	if off < int64(len(z.head)) {
		copy(p, z.head[off:])
	}
	return len(p), nil
}

// 64 MiB of image, sent twice, take less than 1 MiB of memory.
func TestAddStreams(t *testing.T) {
	const size = 64<<20 + 1
	var lengths []int64
	first := true
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/oidc/token" {
			_, _ = w.Write([]byte(`{"access_token":"t","token_type":"Bearer","expires_in":3600}`))
			return
		}
		n, err := io.Copy(io.Discard, r.Body)
		if err != nil || n != r.ContentLength {
			t.Errorf("%d bytes of %d declared, %v", n, r.ContentLength, err)
		}
		lengths = append(lengths, n)
		if first {
			first = false
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = w.Write([]byte(`{"message":"busy"}`))
			return
		}
		_, _ = w.Write(fixture(t, "image-added-ok.json"))
	}))
	defer server.Close()
	client, err := transmit.NewClient(transmit.Config{ClientID: "id", ClientSecret: "s", BaseURL: server.URL}, quick())
	if err != nil {
		t.Fatal(err)
	}
	// The token and the connections are there before the count.
	if err := client.Do(t.Context(), http.MethodGet, "/x", nil, nil, kyc.WithRetry(kyc.RetryPolicy{MaxAttempts: 1})); !errors.Is(err, kyc.ErrUnavailable) {
		t.Fatal(err)
	}
	first = true
	lengths = nil
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	file := kyc.FileReaderAt("a.jpg", "image/jpeg", zeros{frame(640, 480)}, size)
	if _, err := client.Images.Add(t.Context(), "s", transmit.ImageUpload{Type: transmit.ImageTypeSelfie, File: file}); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 1<<20 {
		t.Errorf("%d bytes allocated", got)
	}
	if diff := cmp.Diff([]int64{lengths[0], lengths[0]}, lengths); diff != "" || lengths[0] < size/3*4 {
		t.Errorf("sent (-want +got)\n%s", diff)
	}
}

// No page confirms where an image is added, so the place can be changed.
func TestAddElsewhere(t *testing.T) {
	var got []string
	client, err := transmit.NewClient(transmit.Config{ClientID: "id", ClientSecret: "s", BaseURL: "https://vendor.invalid"}, kyc.WithHTTPClient(&http.Client{
		Transport: roundTripper(func(r *http.Request) string {
			if r.URL.Path == "/oidc/token" {
				return `{"access_token":"t","expires_in":3600}`
			}
			_, _ = io.Copy(io.Discard, r.Body)
			got = append(got, r.Method+" "+r.URL.EscapedPath())
			return `{"feedback":"ok","complete":true,"missing_images":[]}`
		}),
	}))
	if err != nil {
		t.Fatal(err)
	}
	for _, opts := range [][]kyc.Option{nil, {transmit.WithAddImage(http.MethodPut, "/verification/{sid}/image")}} {
		if _, err := client.Images.Add(t.Context(), "a/b", upload(transmit.ImageTypeSelfie), opts...); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{"/verification/image", "/{sid}/{sid}"} {
		if _, err := client.Images.Add(t.Context(), "s", upload(transmit.ImageTypeSelfie), transmit.WithAddImage(http.MethodPut, path)); !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("%s: %v", path, err)
		}
	}
	want := []string{"POST /verify/api/v1/verification/a%2Fb/images", "PUT /verify/api/v1/verification/a%2Fb/image"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
