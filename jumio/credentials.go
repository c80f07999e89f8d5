package jumio

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// CredentialsService uploads the parts of credentials through the API channel
// and downloads stored ones.
type CredentialsService struct{ c *Client }

const partPath = "/api/v1/accounts/{}/workflow-executions/{}/credentials/{}/parts/{}"

// Upload adds a part to a credential: [PartFront] and [PartBack] of an ID,
// [PartFace] of a selfie, [PartFacemap] of a stored facemap, [PartDocument]. An
// image must be JPEG or PNG, at most 8000 by 8000 pixels with the longer side
// above 300, and at most 15 MB; a document may be PDF too. The file's length must
// be known. What can be told before sending is refused before. An upload is sent
// again only where it surely was not processed; use Replace where it may have
// been. An answer about another execution or credential is an error matching
// [kyc.ErrMalformed] whose Body is the answer.
//
// Vendor: Credentials API, POST .../credentials/{credentialId}/parts/{part}.
func (s *CredentialsService) Upload(ctx context.Context, credential Credential, part Part, file kyc.File, opts ...kyc.Option) (*Upload, error) {
	return s.send(ctx, "credentials.upload", http.MethodPost, transport.IfNotProcessed, credential, part, "", file, opts)
}

// Replace puts a part in place of one that was uploaded before. It is safe to repeat.
//
// Vendor: Credentials API, PUT .../credentials/{credentialId}/parts/{part}.
func (s *CredentialsService) Replace(ctx context.Context, credential Credential, part Part, file kyc.File, opts ...kyc.Option) (*Upload, error) {
	return s.send(ctx, "credentials.replace", http.MethodPut, transport.Safe, credential, part, "", file, opts)
}

// UploadPage adds one page of a part that has an address a page; see
// [Credential.Pages]. The page's address is taken from the answer to the create
// and must lie on the configured API host.
//
// Experimental: the method and what the answer holds are inferred.
//
// Vendor: Credentials API, the page maps of api.parts.
func (s *CredentialsService) UploadPage(ctx context.Context, credential Credential, part Part, page string, file kyc.File, opts ...kyc.Option) (*Upload, error) {
	const op = "credentials.upload_page"
	if page == "" {
		return nil, kyc.Invalid(kyc.Jumio, op, "the page is empty")
	}
	return s.send(ctx, op, http.MethodPost, transport.IfNotProcessed, credential, part, page, file, opts)
}

func (s *CredentialsService) send(
	ctx context.Context, op, method string, class transport.Class, credential Credential, part Part, page string, file kyc.File, opts []kyc.Option,
) (*Upload, error) {
	p, query, err := s.address(op, credential, part, page)
	if err != nil {
		return nil, err
	}
	file, err = checkFile(op, credential.Category, part, file)
	if err != nil {
		return nil, err
	}
	body, err := transport.MultipartBody(transport.Field{Name: "file", File: file})
	if err != nil {
		return nil, &kyc.Error{Vendor: kyc.Jumio, Operation: op, Kind: kyc.ErrInvalid, Err: err, Detail: "the file cannot be read"}
	}
	return s.upload(ctx, op, method, class, credential, p, query, body, opts)
}

func (s *CredentialsService) upload(
	ctx context.Context, op, method string, class transport.Class, credential Credential, p, query string, body *transport.Body, opts []kyc.Option,
) (*Upload, error) {
	if credential.Token == "" {
		return nil, kyc.Invalid(kyc.Jumio, op, "the credential has no token: the API channel does not take it")
	}
	var out Upload
	answer, err := s.c.http.Do(ctx, transport.Call{
		Operation: transport.Operation{Name: op, Class: class},
		Method:    method, Base: s.c.api, Path: p, Query: query, Body: body, Auth: transport.StaticBearer(credential.Token), Out: &out,
	}, opts...)
	if err != nil {
		return nil, err
	}
	if out.Account.foreign(credential.Ref) || out.WorkflowExecution != nil && foreign(out.WorkflowExecution.ID, credential.Ref.Session) ||
		credential.ID != "" && out.Credential != nil && foreign(out.Credential.ID, credential.ID) {
		return nil, answer.Malformed(kyc.Jumio, op, "the answer is about another execution or credential; the part may have been taken")
	}
	return &out, nil
}

// address builds the URL of a part from ids. Only where they do not tell it, for a document, for a page or for a part that
// this package has no name for, is the vendor's own address followed, and only below the configured API host.
func (s *CredentialsService) address(op string, credential Credential, part Part, page string) (p, query string, err error) {
	if err := checkRef(op, credential.Ref); err != nil {
		return "", "", err
	}
	location, offered := credential.location(part)
	if offered && page == "" && len(location.Pages) > 0 {
		numbers := location.pageNumbers()
		if len(numbers) > 1 {
			return "", "", kyc.Invalid(kyc.Jumio, op, "the part has several pages: use UploadPage")
		}
		page = numbers[0]
	}
	href := location.URL
	if page != "" {
		href = location.Pages[page]
		if href == "" {
			return "", "", kyc.Invalid(kyc.Jumio, op, "the credential offers no such page")
		}
	}
	if href != "" && (page != "" || part == PartDocument || !part.Known()) {
		if p, query, err = below(s.c.api, href); err != nil {
			return "", "", kyc.Invalid(kyc.Jumio, op, "the address of the part is not on the configured API host")
		}
		return p, query, nil
	}
	p, err = path(op, partPath, credential.Ref.Account, credential.Ref.Session, credential.ID, string(part))
	return p, "", err
}

// Download is what came with the bytes of a part.
type Download struct {
	// ContentType is the vendor's: image/jpeg, image/png, application/json for prepared data, something opaque for a facemap.
	ContentType string
	// Size is the number of bytes written.
	Size int64
}

// Format prints the type's name only; see [kyc.FormatRedacted].
func (d Download) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, d) }

// LogValue logs the type's name only; see [kyc.LogRedacted].
func (d Download) LogValue() slog.Value { return kyc.LogRedacted(d) }

// Download writes the bytes of a stored part to w. A part that was erased, or
// a facemap that the tenant may not download, fails with [kyc.ErrNotFound]. After
// an error w may hold part of the bytes.
//
// Vendor: Retrieval API, GET /api/v1/accounts/{accountId}/credentials/{credentialId}/parts/{part}.
func (s *CredentialsService) Download(ctx context.Context, accountID, credentialID string, part Part, w io.Writer, opts ...kyc.Option) (*Download, error) {
	const op = "credentials.download"
	p, err := path(op, "/api/v1/accounts/{}/credentials/{}/parts/{}", accountID, credentialID, string(part))
	if err != nil {
		return nil, err
	}
	return s.download(ctx, op, p, "", w, opts)
}

// DownloadHref writes what a part's href or a validFaceMapForAuthentication
// names to w. The address must lie on the configured retrieval host: the bearer
// token goes nowhere else.
//
// Vendor: Retrieval API, hrefs in the workflow details.
func (s *CredentialsService) DownloadHref(ctx context.Context, href string, w io.Writer, opts ...kyc.Option) (*Download, error) {
	const op = "credentials.download_href"
	p, query, err := below(s.c.retrieval, href)
	if err != nil {
		return nil, kyc.Invalid(kyc.Jumio, op, "the address is not on the configured retrieval host")
	}
	return s.download(ctx, op, p, query, w, opts)
}

func (s *CredentialsService) download(ctx context.Context, op, p, query string, w io.Writer, opts []kyc.Option) (*Download, error) {
	if w == nil {
		return nil, kyc.Invalid(kyc.Jumio, op, "the writer is nil")
	}
	answer, err := s.c.http.Do(ctx, transport.Call{
		Operation: transport.Operation{Name: op, Class: transport.Safe},
		Method:    http.MethodGet, Base: s.c.retrieval, Path: p, Query: query, Accept: "*/*", Limiter: s.c.retrievalBudget, Sink: w,
	}, opts...)
	if err != nil {
		return nil, err
	}
	contentType := answer.Header.Get("Content-Type")
	if media, _, err := mime.ParseMediaType(contentType); err == nil {
		contentType = media
	}
	return &Download{ContentType: contentType, Size: answer.Written}, nil
}

// PartOf returns the credential and part that the href of a stored part names,
// for a caller that keeps them instead of the address. ok is false for any other address.
func PartOf(href string) (credentialID string, part Part, ok bool) {
	u, err := url.Parse(href)
	if err != nil {
		return "", "", false
	}
	segments := strings.Split(u.Path, "/")
	n := len(segments)
	if n < 4 || segments[n-4] != "credentials" || segments[n-2] != "parts" || segments[n-3] == "" || segments[n-1] == "" {
		return "", "", false
	}
	return segments[n-3], Part(segments[n-1]), true
}
