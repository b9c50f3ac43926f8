/** Where models are downloaded from unless the user states another hub. */
export const usualHub = 'https://huggingface.co';
