package yoti_test

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/yoti"
	"github.com/seed44d1d1b3/kyc-go/yoti/yotitest"
)

// comparing is a session whose reference face comes from the business.
var comparing = yoti.SessionRequest{RequestedChecks: []yoti.RequestedCheck{
	{Type: yoti.CheckTypeLiveness, Config: yoti.CheckConfig{LivenessType: yoti.LivenessTypeZoom}},
	{Type: yoti.CheckTypeFaceComparison, Config: yoti.CheckConfig{ManualCheck: yoti.ManualCheckNever}},
}}

// faceResource opens a session with FACE_COMPARISON and a face resource in it.
func faceResource(t *testing.T, client *yoti.Client) (session, resource string) {
	t.Helper()
	created := must[*yoti.CreatedSession](t)(client.Sessions.Create(t.Context(), comparing))
	configuration := must[*yoti.SessionConfiguration](t)(client.Sessions.Configuration(t.Context(), created.SessionID))
	for _, r := range configuration.Capture.RequiredResources {
		if r.Type == yoti.RequirementTypeFaceCapture {
			opened := must[*yoti.FaceCaptureResource](t)(client.Resources.CreateFaceCapture(t.Context(), created.SessionID, yoti.FaceCaptureRequest{RequirementID: r.ID}))
			return created.SessionID, opened.ID
		}
	}
	t.Fatal("the configuration asks for no face")
	return "", ""
}

func TestFaceComparison(t *testing.T) {
	fake, client := start(t)
	session, resource := faceResource(t, client)
	if err := fake.CompleteJourney(session); err == nil {
		t.Error("the user could start without the reference face")
	}
	if err := client.Resources.UploadFaceCapture(t.Context(), session, resource, kyc.FileBytes("anna.png", "", pngImage(t))); err != nil {
		t.Fatal(err)
	}
	if err := fake.CompleteJourney(session); err != nil {
		t.Fatal(err)
	}
	r := must[*kyc.Result](t)(client.Fetch(t.Context(), kyc.Ref{Vendor: kyc.Yoti, Session: session}))
	if r.Decision != kyc.Approved || r.Checks[1].Kind != kyc.CheckFaceMatch {
		t.Errorf("got %v", r.Decision)
	}
	s := must[*yoti.SessionResult](t)(client.Sessions.Get(t.Context(), session))
	if f := s.Resources.FaceCapture; len(f) != 1 || f[0].Source.Type != yoti.SourceTypeRelyingBusiness {
		t.Error("the face is not among the resources")
	}
	err := client.Resources.UploadFaceCapture(t.Context(), session, resource, kyc.FileBytes("x", "image/png", pngImage(t)))
	wantErr(t, "a second face", err, kyc.ErrConflict)
}

func TestUploadSources(t *testing.T) {
	for name, file := range map[string]kyc.File{
		"bytes":       kyc.FileBytes("x", "image/png", pngImage(t)),
		"parameters":  kyc.FileBytes("x", "image/png; charset=binary", pngImage(t)),
		"usual name":  kyc.FileBytes("x", "image/jpg", []byte("\xff\xd8\xff\xe0")),
		"sniffed":     kyc.FileBytes("x", "", pngImage(t)),
		"reader":      kyc.FileReader("x", "image/png", bytes.NewReader(pngImage(t)), int64(len(pngImage(t)))),
		"length open": kyc.FileReader("x", "", bytes.NewReader(pngImage(t)), -1),
	} {
		_, client := start(t)
		session, resource := faceResource(t, client)
		if err := client.Resources.UploadFaceCapture(t.Context(), session, resource, file); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestUploadFaults(t *testing.T) {
	fake, client := start(t)
	for name, file := range map[string]kyc.File{
		"none": {}, "empty": kyc.FileBytes("x", "image/png", nil), "gif": kyc.FileBytes("x", "image/gif", []byte("GIF89a")),
		"text": kyc.FileBytes("x", "", []byte("text")), "missing": kyc.FileAt("/does/not/exist.png"),
		"too long to keep": kyc.FileReader("x", "image/png", io.LimitReader(endless{}, 33<<20), -1),
		"broken":           kyc.FileReader("x", "image/png", broken{}, -1),
	} {
		wantErr(t, name, client.Resources.UploadFaceCapture(t.Context(), "s", "r", file), kyc.ErrInvalid)
	}
	if n := len(fake.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("broken") }

// bigPNG is a picture of any size that takes no memory.
type bigPNG struct{ head []byte }

func (b bigPNG) ReadAt(p []byte, off int64) (int, error) {
	clear(p)
	if off < int64(len(b.head)) {
		copy(p, b.head[off:])
	}
	return len(p), nil
}

// Signing and sending a face of 10 MB, twice since the first answer is 503, takes less than 1 MiB. What the server on
// the other side takes is not counted: it reads and drops.
func TestUploadAllocatesLittle(t *testing.T) {
	const size = 10 << 20
	server := newSink(t)
	client := must[*yoti.Client](t)(yoti.NewClient(yoti.Config{SDKID: yotitest.SDKID, PrivateKey: yotitest.PrivateKeyPEM(), BaseURL: server.url + "/idverify/v1"}, quick))
	file := kyc.FileReaderAt("face.png", "image/png", bigPNG{pngImage(t)}, size)
	upload := func() {
		if err := client.Resources.UploadFaceCapture(t.Context(), "s", "r", file); err != nil {
			t.Fatal(err)
		}
	}
	upload() // connections and tables
	server.reset(1)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	upload()
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 1<<20 {
		t.Errorf("the upload allocates %d bytes", got)
	}
	if server.attempts() != 2 || server.last() < size || !server.signed() {
		t.Errorf("%d attempts, the last of %d bytes, signatures right: %v", server.attempts(), server.last(), server.signed())
	}
}

func TestInstructions(t *testing.T) {
	fake, client := start(t)
	id := create(t, client).SessionID
	ctx := t.Context()
	var buf bytes.Buffer
	content := must[*yoti.Download](t)(client.Instructions.PDF(ctx, id, &buf))
	if content.Available || buf.Len() > 0 {
		t.Error("there is a document before there are instructions")
	}
	_, err := client.Instructions.Get(ctx, id)
	wantErr(t, "no instructions", err, kyc.ErrNotFound)
	offices := must[*yoti.PostOffices](t)(client.Instructions.PostOffices(ctx, yoti.PostOfficeSearch{SearchString: "LS1 1AA"}))
	request := yoti.InstructionsRequest{
		ContactProfile: &yoti.ContactProfileRequest{FirstName: "Anna", LastName: "Specimen", Email: "anna@example.com"},
		Documents: []yoti.InstructionsDocument{{RequirementID: "q-1", Document: &yoti.ChosenDocument{
			Type: yoti.DocumentKindIDDocument, CountryCode: "GBR", DocumentType: yoti.DocumentTypePassport,
		}}},
		Branch: &offices.Branches[0],
	}
	if err := client.Instructions.Put(ctx, id, request); err != nil {
		t.Fatal(err)
	}
	got := must[*yoti.Instructions](t)(client.Instructions.Get(ctx, id))
	if got.ContactProfileExists == nil || !*got.ContactProfileExists || got.Branch.FadCode != "1234567" || len(got.Documents) != 1 {
		t.Error("the instructions do not come back")
	}
	contact := must[*yoti.ContactProfile](t)(client.Instructions.ContactProfile(ctx, id))
	if contact.Email != "anna@example.com" {
		t.Error("the contact does not come back")
	}
	if err := client.Instructions.SendEmail(ctx, id); err != nil || fake.Emails(id) != 1 {
		t.Errorf("%d messages, %v", fake.Emails(id), err)
	}
	content = must[*yoti.Download](t)(client.Instructions.PDF(ctx, id, &buf))
	if !content.Available || content.ContentType != "application/pdf" || !strings.HasPrefix(buf.String(), "%PDF") {
		t.Error("the document does not come")
	}
}

func TestDevices(t *testing.T) {
	fake, client := start(t)
	id := finished(t, fake, client)
	var events []yoti.DeviceEvent
	for d, err := range client.Devices.List(t.Context(), id) {
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, d.Event)
	}
	if len(events) != 3 || events[0] != yoti.DeviceEventConfigFirstLoaded {
		t.Errorf("got %v", events)
	}
	for range client.Devices.List(t.Context(), id) {
		break // leaving early is allowed
	}
	if err := client.Devices.Delete(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	for range client.Devices.List(t.Context(), id) {
		t.Error("a device is left")
	}
	for _, err := range client.Devices.List(t.Context(), "nobody") {
		wantErr(t, "devices of nobody", err, kyc.ErrNotFound)
	}
}

func TestSupportedDocuments(t *testing.T) {
	_, client := start(t)
	for want, include := range map[int]*bool{1: nil, 2: new(true)} {
		got := must[*yoti.SupportedDocuments](t)(client.SupportedDocuments.Get(t.Context(), yoti.SupportedDocumentsRequest{IncludeNonLatin: include}))
		if len(got.SupportedCountries) != want {
			t.Errorf("got %d countries, want %d", len(got.SupportedCountries), want)
		}
	}
	got := must[*yoti.SupportedDocuments](t)(client.SupportedDocuments.Get(t.Context(), yoti.SupportedDocumentsRequest{IncludeNonLatin: new(false)}))
	if len(got.SupportedCountries) != 1 {
		t.Error("false is not sent")
	}
}

// Reading an applicant works with either spelling of the path.
func TestApplicantsAndPools(t *testing.T) {
	for _, opts := range [][]yotitest.Option{nil, {yotitest.SingularApplicants()}} {
		fake := yotitest.NewServer(opts...)
		defer fake.Close()
		client := newClient(t, fake, fake.Config())
		ctx := t.Context()
		a := must[*yoti.Applicant](t)(client.Applicants.Create(ctx, yoti.ApplicantRequest{}))
		face := must[*yoti.FaceCreated](t)(client.Applicants.AddFace(ctx, a.ID, yoti.FaceRequest{Face: yoti.FaceImage{Data: "aGVsbG8="}}))
		if got := must[*yoti.Applicant](t)(client.Applicants.Get(ctx, a.ID)); got.ID != a.ID {
			t.Error("the applicant does not come back")
		}
		if got := must[*yoti.ApplicantFace](t)(client.Applicants.Face(ctx, a.ID, face.ID)); got.Face.Data != "aGVsbG8=" {
			t.Error("the face does not come back")
		}
		session, resource := faceResource(t, client)
		if err := client.Resources.UseApplicant(ctx, session, resource, yoti.ApplicantReference{ApplicantID: a.ID}); err != nil {
			t.Error(err)
		}
		p := must[*yoti.Pool](t)(client.Pools.Create(ctx, yoti.PoolRequest{Label: "staff"}))
		for _, err := range []error{
			client.Pools.AddApplicant(ctx, p.ID, yoti.ApplicantReference{ApplicantID: a.ID}), client.Pools.RemoveApplicant(ctx, p.ID, a.ID),
			client.Pools.Delete(ctx, p.ID), client.Applicants.DeleteFace(ctx, a.ID, face.ID), client.Applicants.Delete(ctx, a.ID),
		} {
			if err != nil {
				t.Error(err)
			}
		}
		_, err := client.Applicants.Get(ctx, a.ID)
		wantErr(t, "an applicant that was erased", err, kyc.ErrNotFound)
	}
	fake, client := start(t)
	for name, face := range map[string]yoti.FaceImage{
		"neither": {}, "both": {Data: "x", Source: &yoti.FaceSource{SessionID: "s", MediaID: "m"}}, "half": {Source: &yoti.FaceSource{SessionID: "s"}},
	} {
		_, err := client.Applicants.Create(t.Context(), yoti.ApplicantRequest{Face: &face})
		wantErr(t, name, err, kyc.ErrInvalid)
	}
	if fake.Count("Applicants.Create") != 0 {
		t.Error("a bad face was sent")
	}
}

func TestSandbox(t *testing.T) {
	_, client := start(t)
	ctx := t.Context()
	script := func(template yoti.ReportTemplate) yoti.ResponseConfig {
		return yoti.ResponseConfig{
			TaskResults: &yoti.SandboxTaskResults{IDDocumentTextDataExtraction: []yoti.SandboxTask{{Result: &yoti.SandboxTaskResult{DocumentFields: []byte(`{"full_name":"SANDRA BOX"}`)}}}},
			CheckReports: &yoti.SandboxCheckReports{
				IDDocumentAuthenticity: []yoti.SandboxCheck{{Result: &yoti.SandboxCheckResult{ReportTemplate: template}, ResponseDelay: new(int64(0))}},
				AsyncReportDelay:       new(int64(0)),
			},
		}
	}
	if err := client.Sandbox.ConfigureApplication(ctx, script(yoti.ReportTemplateSuccess)); err != nil {
		t.Fatal(err)
	}
	for template, want := range map[yoti.ReportTemplate]kyc.Decision{
		yoti.ReportTemplateTampered: kyc.Declined, yoti.ReportTemplatePhotoTooBlurry: kyc.Review, "": kyc.Approved,
	} {
		created := create(t, client)
		if template != "" {
			if err := client.Sandbox.Configure(ctx, created.SessionID, script(template)); err != nil {
				t.Fatal(err)
			}
		}
		err := client.Sandbox.RunAgent(ctx, yoti.AgentRequest{SessionID: created.SessionID, ClientSessionToken: created.ClientSessionToken})
		if err != nil {
			t.Fatal(err)
		}
		r := must[*kyc.Result](t)(client.Fetch(ctx, kyc.Ref{Vendor: kyc.Yoti, Session: created.SessionID}))
		if r.Decision != want {
			t.Errorf("%s: got %v, want %v", template, r.Decision, want)
		}
		r = must[*kyc.Result](t)(client.Extract(ctx, r))
		if r.Person == nil || r.Person.FullName != "SANDRA BOX" {
			t.Error("the scripted fields do not come back")
		}
	}
}

// A client for real people must not script.
func TestSandboxRefusesProduction(t *testing.T) {
	client := must[*yoti.Client](t)(yoti.NewClient(yoti.Config{SDKID: "id", PrivateKey: yotitest.PrivateKeyPEM()}))
	wantErr(t, "configure", client.Sandbox.Configure(t.Context(), "s", yoti.ResponseConfig{}), kyc.ErrInvalid)
	wantErr(t, "application", client.Sandbox.ConfigureApplication(t.Context(), yoti.ResponseConfig{}), kyc.ErrInvalid)
	wantErr(t, "agent", client.Sandbox.RunAgent(t.Context(), yoti.AgentRequest{SessionID: "s", ClientSessionToken: "t"}), kyc.ErrInvalid)
}

func TestConfigurationOfSession(t *testing.T) {
	_, client := start(t)
	got := must[*yoti.SessionConfiguration](t)(client.Sessions.Configuration(t.Context(), create(t, client).SessionID))
	var kinds []yoti.RequirementType
	for _, r := range got.Capture.RequiredResources {
		kinds = append(kinds, r.Type)
	}
	if diff := cmp.Diff([]yoti.RequirementType{yoti.RequirementTypeIDDocument, yoti.RequirementTypeLiveness}, kinds); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
