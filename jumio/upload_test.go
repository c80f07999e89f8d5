package jumio_test

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

func TestFilesAreCheckedBeforeTheNetwork(t *testing.T) {
	c := offline(t)
	pdf := []byte("%PDF-1.4\n%%EOF\n")
	png := recorded(t)
	for _, bad := range []struct {
		name     string
		category jumio.Category
		part     jumio.Part
		file     kyc.File
	}{
		{"no source", jumio.CategoryID, jumio.PartFront, kyc.File{}},
		{"empty", jumio.CategoryID, jumio.PartFront, kyc.FileBytes("x.png", "image/png", nil)},
		{"too large", jumio.CategoryID, jumio.PartFront, kyc.FileBytes("x.png", "image/png", append(bytes.Clone(png), make([]byte, 15_000_000)...))},
		{"too large to read", jumio.CategoryFacemap, jumio.PartFacemap, kyc.FileReader("x", "", bytes.NewReader(nil), 15_000_001)},
		{"too wide", jumio.CategoryID, jumio.PartFront, kyc.FileBytes("x.png", "image/png", picture(t, 8001, 10))},
		{"too high", jumio.CategoryID, jumio.PartFront, kyc.FileBytes("x.png", "image/png", picture(t, 10, 8001))},
		{"too small", jumio.CategoryID, jumio.PartFront, kyc.FileBytes("x.png", "image/png", picture(t, 300, 300))},
		{"GIF", jumio.CategoryID, jumio.PartFront, kyc.FileBytes("x.png", "image/png", []byte("GIF89a......"))},
		{"text", jumio.CategoryDocument, jumio.PartDocument, kyc.FileBytes("x.png", "image/png", []byte("hello"))},
		{"PDF face", jumio.CategorySelfie, jumio.PartFace, kyc.FileBytes("x.pdf", "application/pdf", pdf)},
		{"damaged", jumio.CategoryID, jumio.PartFront, kyc.FileBytes("x.png", "image/png", append(bytes.Clone(png[:12]), make([]byte, 600)...))},
		{"untyped reader", jumio.CategoryID, jumio.PartFront, kyc.FileReader("x", "", bytes.NewReader(png), int64(len(png)))},
		{"length open", jumio.CategoryID, jumio.PartFront, kyc.FileReader("x.png", "image/png", bytes.NewReader(png), -1)},
		{"missing", jumio.CategoryID, jumio.PartFront, kyc.FileAt(filepath.Join(t.TempDir(), "none.png"))},
	} {
		credential := jumio.Credential{Ref: kyc.Ref{Vendor: kyc.Jumio, Account: "a", Session: "w"}, ID: "c", Category: bad.category, Token: "t"}
		_, err := c.Credentials.Upload(t.Context(), credential, bad.part, bad.file)
		if !errors.Is(err, kyc.ErrInvalid) {
			t.Errorf("%s: %v", bad.name, err)
		}
	}
}

func TestUploadsOfAllKinds(t *testing.T) {
	server, client := start(t)
	account := must[*jumio.Account](t)(client.Accounts.Create(t.Context(), request()))
	credential := account.Credentials(jumio.ChannelAPI)[0]
	var jpg bytes.Buffer
	if err := jpeg.Encode(&jpg, image.NewGray(image.Rect(0, 0, 400, 200)), nil); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "front.jpg")
	if err := os.WriteFile(path, jpg.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range []kyc.File{
		kyc.FileAt(path),
		// The declared type is wrong and the name is missing; what goes out is right.
		kyc.FileBytes("", "application/octet-stream", jpg.Bytes()),
		kyc.FileReader("once.jpg", "image/jpeg", bytes.NewReader(jpg.Bytes()), int64(jpg.Len())),
	} {
		must[*jumio.Upload](t)(client.Credentials.Replace(t.Context(), credential, jumio.PartFront, file))
	}
	noProblems(t, server)
}

func TestPartOf(t *testing.T) {
	credential, part, ok := jumio.PartOf("https://retrieval.amer-1.jumio.ai/api/v1/accounts/a/credentials/c-1/parts/LIVENESS_1")
	if !ok || credential != "c-1" || part != jumio.PartLiveness1 {
		t.Errorf("%s %s %v", credential, part, ok)
	}
	for _, href := range []string{"", "https://x/credentials//parts/FRONT", "https://x/credentials/c/parts/", "https://x/credentials/c/other/FRONT", ":"} {
		if _, _, ok := jumio.PartOf(href); ok {
			t.Errorf("%s is no part", href)
		}
	}
}
