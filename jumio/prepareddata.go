package jumio

import (
	"context"
	"net/http"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// UploadPreparedData hands over what the caller already knows about the person,
// to the credential of category DATA. Which members are needed depends on the
// workflow, and the vendor's pages disagree about it; all are optional here. It
// is sent again only where it surely was not processed.
//
// Vendor: Credentials API, POST .../credentials/{credentialId}/parts/PREPARED_DATA.
func (s *CredentialsService) UploadPreparedData(ctx context.Context, credential Credential, data PreparedData, opts ...kyc.Option) (*Upload, error) {
	const op = "credentials.upload_prepared_data"
	if err := checkRef(op, credential.Ref); err != nil {
		return nil, err
	}
	if credential.Category != "" && credential.Category != CategoryData {
		return nil, kyc.Invalid(kyc.Jumio, op, "prepared data belongs to a credential of category DATA")
	}
	p, err := path(op, partPath, credential.Ref.Account, credential.Ref.Session, credential.ID, string(PartPreparedData))
	if err != nil {
		return nil, err
	}
	body, err := transport.JSONBody(data)
	if err != nil {
		return nil, err
	}
	return s.upload(ctx, op, http.MethodPost, transport.IfNotProcessed, credential, p, "", body, opts)
}
